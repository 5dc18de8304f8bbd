"""The bus's messages: flyweights for one, numpy dtypes for thousands, and a decoder for any schema's IR.

    order = NewOrder(cl_ord_id=1, price=10_050, order_qty=3, instrument=1, account=7, side=Side.BUY,
                     ord_type=OrdType.LIMIT, time_in_force=TimeInForce.GOOD_TILL_CANCEL)
    frame = order.encode()
    match decode(frame):
        case NewOrder(price=int(ticks)) as limit_order:
            print(limit_order.cl_ord_id, ticks)

`messages.py` is generated from `seriatim.sbeir`, which sbe-tool makes of `seriatim.xml`. Bytes that lie raise a
`CodecError` that names message, field and offset.
"""

from seriatim.schemas import messages
from seriatim.schemas.errors import (
    BadValueError,
    BlockTooShortError,
    CodecError,
    EncodeError,
    TruncatedError,
    UnknownTemplateError,
    WrongSchemaError,
)
from seriatim.schemas.flyweight import Composite, GroupEntry
from seriatim.schemas.messages import *  # noqa: F403
from seriatim.schemas.schema import Message, Schema

__all__ = [
    "BadValueError",
    "BlockTooShortError",
    "CodecError",
    "Composite",
    "EncodeError",
    "GroupEntry",
    "Message",
    "Schema",
    "TruncatedError",
    "UnknownTemplateError",
    "WrongSchemaError",
]
__all__ += messages.__all__

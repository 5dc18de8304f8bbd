"""Sets of enum values that the rules speak of, and how values are looked up in enums."""

from enum import IntEnum

from seriatim.schemas import OrdType, TimeInForce, TradingPhase

STOP_TYPES = {OrdType.STOP, OrdType.STOP_LIMIT}
PRICED_TYPES = {OrdType.LIMIT, OrdType.STOP_LIMIT}
RESTING_TIMES = {TimeInForce.DAY, TimeInForce.GOOD_TILL_CANCEL, TimeInForce.GOOD_TILL_DATE}
AUCTIONS = {TradingPhase.OPENING_AUCTION, TradingPhase.CLOSING_AUCTION}
"""The phases that end with an uncross."""
COLLECTING = {TradingPhase.PRE_OPEN, *AUCTIONS}
"""The phases in which orders are entered and nothing trades."""

OLD_ORD_TYPES = {OrdType.MARKET, OrdType.LIMIT}
OLD_TIMES = {TimeInForce.GOOD_TILL_CANCEL, TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL}
"""What versions 1 and 2 of the rules know."""


def known(value: int, enum: type[IntEnum]) -> bool:
    """It is a value of the enum."""
    return value in set(enum)

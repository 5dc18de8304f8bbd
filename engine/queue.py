"""Who waits at a price, and where an order stands in its queue."""

from dataclasses import dataclass

import numpy as np

from seriatim.schemas import Side

QUEUED = np.dtype(
    [("order_id", "<u8"), ("cl_ord_id", "<u8"), ("leaves", "<i8"), ("session", "<u4"), ("account", "<u4")]
)
"""One order in the queue of its price, 32 bytes: `leaves` in lots."""


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """Where a live order stands: at `price` in ticks with `leaves` lots of its own, behind `orders_ahead` orders with
    `quantity_ahead` lots.
    """

    instrument: int
    side: Side
    price: int
    leaves: int
    orders_ahead: int
    quantity_ahead: int

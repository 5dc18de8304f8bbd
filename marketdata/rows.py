"""Rows of what a receiver tells: numpy's view of marketdata/src/update.rs."""

from enum import IntEnum

import numpy as np

UPDATE = np.dtype(
    [
        ("number", "<u8"),
        ("seq", "<u8"),
        ("time_ns", "<i8"),
        ("order_id", "<u8"),
        ("trade_id", "<u8"),
        ("price", "<i8"),
        ("quantity", "<i8"),
        ("left", "<i8"),
        ("index", "<u4"),
        ("instrument", "<u4"),
        ("orders", "<u4"),
        ("kind", "u1"),
        ("side", "u1"),
        ("flags", "u1"),
        ("state", "u1"),
    ]
)
"""One public message that was applied, 80 bytes. `kind` is an UpdateKind; `price` is NO_PRICE where there is none;
`quantity` is what was traded or is shown; `left` what is left to see of an order that has traded, or an indication's
surplus; `state` a phase, or whether an order has kept its place."""

RESTING = np.dtype([("order_id", "<u8"), ("price", "<i8"), ("shown", "<i8")])
"""One order as everybody sees it, 24 bytes."""

NO_PRICE = -(2**63)
"""Where there is no price."""


class UpdateKind(IntEnum):
    """What an update is: the template id of its message."""

    SNAPSHOT = 81
    """A snapshot has made the instrument anew: what was known of it before is void."""
    INSTRUMENT_LISTED = 90
    ORDER_ADDED = 91
    ORDER_EXECUTED = 92
    ORDER_REDUCED = 93
    ORDER_REPLACED = 94
    ORDER_REFRESHED = 95
    ORDER_DELETED = 96
    LEVEL_CHANGED = 97
    TRADED = 98
    TRADE_BROKEN = 99
    MARKET_PHASE = 100
    AUCTION_RESULT = 101
    INDICATIVE = 102
    STATISTICS = 103

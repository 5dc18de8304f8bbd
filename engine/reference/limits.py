"""How much of everything there may be; the native engine has its own list."""

PRICE_MAX = 10**12
QUANTITY_MAX = 10**12
VALUE_MAX = 2**63 - 1
POSITION_MAX = 10**15
HELD_MAX = 2**120 - 1
"""No position is beyond, whatever is traded."""
COUNT_MAX = 2**62
"""More orders or trades than there will ever be."""
ORDERS_MAX = 2**22
INSTRUMENTS_MAX = 2**20
EXPONENT_MAX = 18
TIME_MAX = 2**63 - 1

PIECE_MAX = 256
"""Most steps of one frame."""
ICEBERG_SLICES_MAX = 1_000
SCHEDULE_MAX = 64
"""Most entries in the schedule of one instrument."""
SCHEDULE_INTERVAL_MIN_NS = 1_000_000_000
FILLS_KEPT = 65_536
"""How many trades back one can be busted."""
RISK_ENTRIES_MAX = 65_536
RISK_ENTRIES_OWN_MAX = 32_768
"""So many, and sessions get no more by their own wish."""
RATE_INTERVAL_MIN_NS = 1_000_000
RATE_INTERVAL_MAX_NS = 3_600_000_000_000

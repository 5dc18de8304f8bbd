"""Market data from the order: what everybody may know, published and received. docs/MARKETDATA.md is its page."""

from seriatim.marketdata.books import Books, Gap, Indication, Standing, Statistics
from seriatim.marketdata.market import Market, Packets
from seriatim.marketdata.public_log import PublicLog
from seriatim.marketdata.publisher import Publisher
from seriatim.marketdata.receiver import Receiver
from seriatim.marketdata.rows import NO_PRICE, RESTING, UPDATE, UpdateKind
from seriatim.marketdata.settings import PublisherConfig

__all__ = [
    "NO_PRICE",
    "RESTING",
    "UPDATE",
    "Books",
    "Gap",
    "Indication",
    "Market",
    "Packets",
    "PublicLog",
    "Publisher",
    "PublisherConfig",
    "Receiver",
    "Standing",
    "Statistics",
    "UpdateKind",
]

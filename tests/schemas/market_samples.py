"""One message of each template of market data, with the values that schemas/rust/examples/parts/market.rs has too."""

from typing import Any

import seriatim.schemas as bus
from seriatim.schemas import Decimal, Message

_PLACE: dict[str, Any] = {
    "seq": 1_000_001,
    "time": 1_340_285_400_004_241_176,
    "index": 2,
    "instrument": 7,
    "flags": bus.MarketFlags.END_OF_EVENT | bus.MarketFlags.AUCTION,
}

MARKET_SAMPLES: list[Message] = [
    bus.MarketPacket(feed=0x0123456789ABCDEF, first_number=1_000_001, instruments=3, count=24, body_length=1_344),
    bus.SnapshotPacket(
        feed=0x0123456789ABCDEF,
        next_number=1_000_001,
        instruments=3,
        instrument=7,
        piece=1,
        pieces=2,
        count=20,
        body_length=1_160,
    ),
    bus.MarketRequest(
        correlation_id=99,
        from_number=1_000_001,
        count=512,
        instrument=None,
        response_stream=-1001,
        protocol_version=1,
        kind=bus.MarketRequestKind.MESSAGES,
        response_channel="aeron:udp?endpoint=localhost:20121|alias=Zürich",
    ),
    bus.MarketRequestEnded(correlation_id=99, number=1_000_513, reason=bus.MarketRequestEnd.DONE),
    bus.InstrumentListed(
        **_PLACE,
        symbol="AAPL",
        tick_size=Decimal(mantissa=5, exponent=-3),
        lot_size=Decimal(mantissa=-100, exponent=2),
    ),
    bus.OrderAdded(**_PLACE, order_id=3, price=5_859_400, shown_qty=60, side=bus.Side.SELL),
    bus.OrderExecuted(**_PLACE, order_id=3, trade_id=8, last_qty=40, shown_qty=20),
    bus.OrderReduced(**_PLACE, order_id=3, shown_qty=10),
    bus.OrderReplaced(**_PLACE, order_id=3, price=5_859_300, shown_qty=10, priority_kept=bus.Boolean.FALSE),
    bus.OrderRefreshed(
        **_PLACE, order_id=3, price=5_859_300, shown_qty=10, side=bus.Side.BUY, priority_kept=bus.Boolean.TRUE
    ),
    bus.OrderDeleted(**_PLACE, order_id=3),
    bus.LevelChanged(**_PLACE, price=5_859_300, quantity=900, orders=4, side=bus.Side.BUY),
    bus.Traded(**_PLACE, trade_id=8, price=5_859_400, quantity=40, aggressor=bus.OptionalSide.BOTH),
    bus.TradeBroken(**_PLACE, trade_id=8, price=5_859_400, quantity=40),
    bus.MarketPhase(**_PLACE, phase=bus.TradingPhase.CLOSING_AUCTION),
    bus.AuctionResult(**_PLACE, price=5_859_400, volume=12_000),
    bus.Indicative(**_PLACE, price=None, volume=0, surplus=-5),
    bus.Statistics(**_PLACE, open=5_859_000, high=5_859_400, low=None, last=5_859_400, volume=12_040, trades=8),
]

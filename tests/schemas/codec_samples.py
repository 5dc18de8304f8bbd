"""One message of each template, with the values that schemas/rust/examples/vectors.rs has too."""

from types import ModuleType
from typing import Any

from market_samples import MARKET_SAMPLES

import seriatim.schemas as bus
from seriatim.schemas import Decimal, Message

HASH = bytes([*range(1, 31), 254, 255])
CLUSTER = bytes([*range(1, 15), 254, 255])
TIME_NS = 1_340_285_400_004_241_176
_INSTRUMENT: dict[str, Any] = {
    "instrument": 7,
    "symbol": "AAPL",
    "tick_size": Decimal(mantissa=5, exponent=-3),
    "lot_size": Decimal(mantissa=-100, exponent=2),
}
_ORDER: dict[str, Any] = {
    "instrument": 7,
    "account": 0,
    "side": bus.Side.BUY,
    "ord_type": bus.OrdType.STOP_LIMIT,
    "time_in_force": bus.TimeInForce.GOOD_TILL_DATE,
}
_ATTRIBUTES: dict[str, Any] = {
    "stop_px": 5_859_300,
    "display_qty": 10,
    "min_qty": None,
    "expire_time": TIME_NS,
    "self_trade_group": 4,
    "instructions": bus.ExecInst.POST_ONLY,
    "self_trade_prevention": bus.SelfTradePrevention.DECREMENT,
}

SAMPLES: list[Message] = [
    bus.Command(number=42, acked_through=40, session=9, session_epoch=2, crc=0xDEADBEEF, body_length=43),
    bus.Sequenced(seq=1_000_000, time=TIME_NS, epoch=5, body_length=91),
    bus.Event(
        seq=1_000_001,
        time=TIME_NS,
        number=43,
        session=9,
        epoch=5,
        index=2,
        body_length=60,
        flags=bus.EventFlags.LAST | bus.EventFlags.REPEATED,
        durability=bus.Durability.FSYNC,
    ),
    bus.BlockHeader(
        index=77,
        term=3,
        first_seq=1_000_000,
        time=TIME_NS,
        previous_hash=HASH,
        count=1_024,
        body_length=98_304,
        entry_type=bus.EntryType.BLOCK,
        reserved=bytes(3),
        crc=0x01020304,
    ),
    bus.NewOrder(
        cl_ord_id=11,
        price=None,
        order_qty=100,
        instrument=7,
        account=4_294_967_294,
        side=bus.Side.SELL,
        ord_type=bus.OrdType.MARKET,
        time_in_force=bus.TimeInForce.IMMEDIATE_OR_CANCEL,
    ),
    bus.CancelOrder(orig_cl_ord_id=11),
    bus.ReduceOrder(orig_cl_ord_id=11, reduce_qty=30),
    bus.ReplaceOrder(cl_ord_id=12, orig_cl_ord_id=11, price=-5_859_400, order_qty=70),
    bus.MassCancel(instrument=None, side=bus.OptionalSide.BOTH, account=5),
    bus.NewOrderExtended(cl_ord_id=11, price=5_859_400, order_qty=100, **_ATTRIBUTES, **_ORDER),
    bus.ConfigureSession(cancel_on=bus.CancelOn.DISCONNECT | bus.CancelOn.LOGOFF),
    bus.DropCopy(session=9, on=bus.Boolean.TRUE),
    bus.Connect(
        correlation_id=2**64 - 2,
        response_stream=-1001,
        protocol_version=3,
        response_channel="aeron:udp?endpoint=localhost:20121|alias=Zürich",
    ),
    bus.Challenge(correlation_id=1, nonce=HASH),
    bus.Logon(correlation_id=1, session=9, proof=HASH, instance=77, resumes=bus.Boolean.TRUE, user="desk"),
    bus.Heartbeat(time=TIME_NS, seq=1_000_001),
    bus.Refused(number=50, expected=44, session=9, reason=bus.RefusalReason.GAP),
    bus.Outcome(cl_ord_id=11, order_id=0, events=1, kind=bus.OutcomeKind.REJECTED, reason=bus.RejectReason.BOOK_FULL),
    bus.OpenSession(session=9, session_epoch=2, instance=77, user="desk", roles=bus.Roles.TRADE | bus.Roles.OBSERVE),
    bus.CloseSession(session=9, session_epoch=2, end=bus.SessionEnd.REPLACED),
    bus.OpenEpoch(
        epoch=5,
        logic_version=1,
        durability=bus.Durability.RELAXED,
        first_session=16_385,
        session_expiry=86_400_000_000_000,
    ),
    bus.Tick(),
    bus.Logoff(),
    bus.QueryOutcome(number=50),
    bus.Accepted(
        order_id=3,
        cl_ord_id=11,
        price=5_859_400,
        order_qty=100,
        instrument=7,
        account=0,
        side=bus.Side.BUY,
        ord_type=bus.OrdType.LIMIT,
        time_in_force=bus.TimeInForce.GOOD_TILL_CANCEL,
    ),
    bus.Rejected(cl_ord_id=0, ref_template=65_534, reason=bus.RejectReason.MALFORMED),
    bus.Filled(
        order_id=3,
        cl_ord_id=11,
        last_px=5_859_400,
        last_qty=60,
        leaves_qty=40,
        instrument=7,
        side=bus.Side.BUY,
        liquidity=bus.Liquidity.AUCTION,
        trade_id=2**64 - 2,
    ),
    bus.Reduced(
        order_id=3, cl_ord_id=11, reduce_qty=30, leaves_qty=10, instrument=7, reason=bus.CancelReason.SELF_TRADE
    ),
    bus.Cancelled(order_id=3, cl_ord_id=11, cxl_qty=10, instrument=7, reason=bus.CancelReason.UNFILLED),
    bus.Replaced(
        order_id=3,
        cl_ord_id=12,
        orig_cl_ord_id=11,
        price=2**63 - 1,
        order_qty=70,
        leaves_qty=10,
        instrument=7,
        priority_kept=bus.Boolean.TRUE,
    ),
    bus.MassCancelled(affected=12, response=bus.MassCancelResponse.ACCEPTED),
    bus.SessionOpened(next_number=1, session=9, session_epoch=2, window=65_536),
    bus.SessionClosed(session=9, session_epoch=2, end=bus.SessionEnd.DISCONNECTED),
    bus.InstrumentDefined(**_INSTRUMENT),
    bus.AcceptedExtended(order_id=3, cl_ord_id=11, price=None, order_qty=100, **_ATTRIBUTES, **_ORDER),
    bus.Triggered(order_id=3, cl_ord_id=11, instrument=7),
    bus.Refreshed(order_id=3, cl_ord_id=11, display_qty=10, leaves_qty=90, instrument=7),
    bus.PhaseChanged(instrument=7, phase=bus.TradingPhase.CLOSING_AUCTION),
    bus.Uncrossed(instrument=7, price=5_859_400, volume=1_000),
    bus.Administered(ref_template=61, id=7),
    bus.TradeBusted(
        trade_id=8, order_id=3, cl_ord_id=11, last_px=5_859_400, last_qty=60, instrument=7, side=bus.Side.SELL
    ),
    bus.DefineInstrument(**_INSTRUMENT),
    bus.SetInstrumentRules(
        instrument=7,
        band_low=1,
        band_high=None,
        collar=50,
        reference_price=5_859_400,
        max_order_qty=1_000,
        max_order_value=2**63 - 1,
    ),
    bus.SetPhase(instrument=None, phase=bus.TradingPhase.PRE_OPEN),
    bus.SchedulePhase(instrument=7, time=TIME_NS, interval=86_400_000_000_000, phase=bus.TradingPhase.CONTINUOUS),
    bus.ClearSchedule(instrument=7),
    bus.BustTrade(trade_id=8),
    bus.SetLimits(
        scope=bus.RiskScope.ACCOUNT,
        id=5,
        max_order_qty=100,
        max_order_value=None,
        max_position=1_000,
        rate_interval=1_000_000_000,
        max_messages=None,
        max_open_orders=50,
        cancel_on=bus.CancelOn.LOGOFF,
    ),
    bus.SetPosition(scope=bus.RiskScope.SESSION, id=9, instrument=7, position=-30),
    bus.SetKillSwitch(scope=bus.RiskScope.SESSION, id=9, engaged=bus.Boolean.FALSE),
    bus.SetHalt(instrument=7, on=bus.Boolean.TRUE),
    bus.EventRecord(
        index=77,
        first_seq=1_000_000,
        next_seq=1_000_512,
        time=TIME_NS,
        state_hash=0x0123456789ABCDEF,
        epoch=5,
        rows=900,
        rows_left=124,
        row_bytes=128,
        terms=1,
        crc=0xDEADBEEF,
    ),
    bus.FollowRequest(
        correlation_id=99,
        from_seq=1_000_001,
        from_index=3,
        epoch=5,
        proof=HASH,
        content=bus.FollowContent.EVENTS,
        user="desk",
        cluster=CLUSTER,
    ),
    bus.FollowPosition(next_seq=1_000_001, end_seq=2_000_000, time=TIME_NS, cluster=CLUSTER),
    bus.FollowEnded(correlation_id=99, seq=17, reason=bus.FollowEnd.GONE),
    *MARKET_SAMPLES,
]


def coverage_samples(schema: ModuleType) -> list[Message]:
    """Messages of coverage.xml, given the module that was generated for it."""
    engine = schema.Engine(
        capacity=2000,
        manufacturer_code="VTI",
        efficiency=None,
        extras=schema.Extras.SUN_ROOF | schema.Extras.CRUISE_CONTROL,
        level=schema.Level.VERY_HIGH,
        booster=schema.Booster(boost_type=schema.BoostType.SUPER, horse_power=200),
        inner=schema.Inner(x=-1, y=2),
    )
    numbers = {"an_int_8": -127, "an_int_16": -32767, "an_int_32": -(2**31) + 1, "an_int_64": -(2**63) + 1}
    numbers |= {"a_uint_8": 254, "a_uint_16": 65_534, "a_uint_32": 2**32 - 2, "a_uint_64": 2**64 - 2}
    given = {"optional_int_8": 1, "optional_int_16": 2, "optional_int_32": 3, "optional_int_64": 4}
    given |= {"optional_uint_8": 5, "optional_uint_16": 6, "optional_uint_32": 7, "optional_uint_64": 8, "own_null": 9}
    return [
        schema.Primitives(a_char="x", a_float=1.5, a_double=-0.1, **numbers),
        schema.Primitives(
            a_char="~",
            a_float=-0.25,
            a_double=1e-300,
            optional_char="y",
            optional_float=2.5,
            optional_double=3.5,
            present_or_not=10,
            **numbers,
            **given,
        ),
        _car(schema),
        schema.Evolved(
            id=1,
            engine=engine,
            since_1=2,
            optional_since_1=None,
            model_since_2=schema.Model.A,
            sets_since_2=schema.Middle.THIRTY_ONE,
            narrow_since_2=schema.Narrow.FIFTEEN,
            engine_since_2=engine,
            code_since_2="abcdef",
            parts=[schema.Evolved.Parts(part=1, count_since_1=2)],
            group_since_2=[schema.Evolved.GroupSince2(value=3)],
            note="first",
            note_since_1="second",
        ),
    ]


def _car(schema: ModuleType) -> Message:
    acceleration = schema.Car.PerformanceFigures.Acceleration
    return schema.Car(
        serial=2**64 - 2,
        model=schema.Model.B,
        optional_level=None,
        sign=schema.Sign.MINUS,
        from_="Zürü",
        numbers=(1, -2, 3, -(2**31)),
        doubles=(0.1, -1e300),
        digest=b"\x00\x01\x02\xfe\xff",
        wide=schema.Wide.FIRST | schema.Wide.LAST,
        fuel_figures=[schema.Car.FuelFigures(speed=30, mpg=35.5), schema.Car.FuelFigures(speed=55, mpg=49.0)],
        performance_figures=[
            schema.Car.PerformanceFigures(
                octane_rating=95,
                level=schema.Level.LOW,
                acceleration=[
                    acceleration(mph=30, seconds=4.0, note="schnell"),
                    acceleration(mph=60, seconds=7.5, note=""),
                ],
                description="regular",
            ),
            schema.Car.PerformanceFigures(octane_rating=99, level=None, acceleration=[], description=""),
        ],
        manufacturer="Honda 本田",
        photo=bytes(range(256)),
    )

"""One message of each template, with the values that schemas/rust/examples/vectors.rs has too."""

from types import ModuleType
from typing import Any

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
    bus.MassCancel(instrument=None, side=bus.OptionalSide.BOTH),
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
        liquidity=bus.Liquidity.ADDED,
    ),
    bus.Reduced(order_id=3, cl_ord_id=11, reduce_qty=30, leaves_qty=10, instrument=7),
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
    bus.MassCancelled(affected=12),
    bus.SessionOpened(next_number=1, session=9, session_epoch=2, window=65_536),
    bus.SessionClosed(session=9, session_epoch=2, end=bus.SessionEnd.DISCONNECTED),
    bus.InstrumentDefined(**_INSTRUMENT),
    bus.DefineInstrument(**_INSTRUMENT),
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

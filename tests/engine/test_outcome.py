"""The hash of events that only logic version 3 has: `engine/tests/vocabulary.rs` has the same in Rust."""

from seriatim.engine import (
    AcceptedExtended,
    Administered,
    BustedParty,
    CancelReason,
    Event,
    Filled,
    Liquidity,
    MassCancelled,
    MassCancelResponse,
    OrdType,
    Party,
    PhaseChanged,
    Reduced,
    Refreshed,
    SelfTradePrevention,
    Side,
    TimeInForce,
    TradeBusted,
    TradingPhase,
    Triggered,
    Uncrossed,
)
from seriatim.engine.outcome import SEED, extend

TIME_NS = 1_340_285_400_004_241_176
TERMS = 3, 11, 5_859_400, 100, 9, 7, 5, Side.BUY, OrdType.STOP_LIMIT, TimeInForce.GOOD_TILL_DATE
EVENTS: list[Event] = [
    AcceptedExtended(*TERMS, 5_859_300, 10, 20, TIME_NS, 4, True, SelfTradePrevention.DECREMENT),
    AcceptedExtended(*TERMS),
    Filled(Party(3, 11, 40, 9), Party(2, 11, 40, 8), 585, 60, 7, Side.BUY, Liquidity.AUCTION, 12),
    Reduced(3, 11, 30, 10, 9, 7, CancelReason.SELF_TRADE),
    MassCancelled(256, 9, MassCancelResponse.ACCEPTED),
    Triggered(3, 11, 9, 7),
    Refreshed(3, 11, 10, 90, 9, 7),
    PhaseChanged(7, TradingPhase.CLOSING_AUCTION, 9),
    Uncrossed(7, 585, 1_000, 9),
    Administered(61, 7, 9),
    TradeBusted(12, BustedParty(3, 11, 9), BustedParty(2, 11, 8), 585, 60, 7, Side.SELL),
]


def test_the_hash_of_each_event_is_what_rust_makes_of_it():
    outcome = SEED
    for event in EVENTS:
        outcome = extend(outcome, event)
    assert outcome == 0x61BF_6BBE_40BB_2C8A

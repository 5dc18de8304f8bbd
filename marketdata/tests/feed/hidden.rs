//! What events of stops, icebergs, phases and auctions tell everybody, and what they do not.

use engine::command::{
    Attributes, Decimal, ExecInst, Instrument, OrdType, SelfTradePrevention, Side, TimeInForce, TradingPhase,
};
use engine::event::{
    AcceptedExtended, Administered, BustedParty, CancelReason, Cancelled, Event, Fill, InstrumentDefined, Party,
    PhaseChanged, Reduced, Refreshed, Replaced, TradeBusted, Triggered, Uncrossed,
};
use marketdata::message::{AUCTION, OptionalSide};
use marketdata::{Builder, Indication, Message, Statistics};

const ONE: Decimal = Decimal { mantissa: 1, exponent: 0 };

/// A builder with one instrument, and the seq of the last command.
struct Told {
    builder: Builder,
    seq: u64,
}

impl Told {
    fn new() -> Self {
        let mut told = Self { builder: Builder::default(), seq: 0 };
        let instrument = Instrument { id: 1, symbol: [b'X'; 16], tick_size: ONE, lot_size: ONE };
        told.of(&[Event::InstrumentDefined(InstrumentDefined { instrument, session: 1 })]);
        told
    }

    /// What one command's events tell, without levels and statistics.
    fn of(&mut self, events: &[Event]) -> Vec<Message> {
        let told = self.all_of(events);
        told.into_iter()
            .filter(|message| !matches!(message, Message::LevelChanged { .. } | Message::Statistics(_)))
            .collect()
    }

    fn all_of(&mut self, events: &[Event]) -> Vec<Message> {
        self.seq += 1;
        let told = self.builder.frame(self.seq, self.seq as i64 * 1_000_000_000, events).expect("it fits");
        told.iter().map(|(_, message)| *message).collect()
    }

    fn statistics(&self) -> Statistics {
        self.builder.book().listing(1).expect("it is listed").statistics
    }

    fn shown(&self, side: Side) -> Vec<(u64, i64, i64)> {
        self.builder.book().queue(1, side).map(|order| (order.order_id, order.price, order.shown)).collect()
    }
}

fn accepted(order_id: u64, side: Side, quantity: i64, price: Option<i64>, display: Option<i64>) -> AcceptedExtended {
    AcceptedExtended {
        order_id,
        cl_ord_id: 7,
        price: price.into(),
        quantity,
        attributes: Attributes {
            stop_price: None.into(),
            display_quantity: display.into(),
            minimum_quantity: None.into(),
            expire_time_ns: None.into(),
            self_trade_group: 0,
            instructions: ExecInst::default(),
            self_trade_prevention: SelfTradePrevention::None,
        },
        session: 1,
        instrument: 1,
        account: 9,
        side,
        ord_type: OrdType::Limit,
        time_in_force: TimeInForce::GoodTillCancel,
    }
}

fn order(order_id: u64, side: Side, quantity: i64, price: i64, display: Option<i64>) -> Event {
    Event::AcceptedExtended(accepted(order_id, side, quantity, Some(price), display))
}

fn stop(order_id: u64, side: Side, quantity: i64, limit: Option<i64>) -> Event {
    let ord_type = if limit.is_some() { OrdType::StopLimit } else { OrdType::Stop };
    Event::AcceptedExtended(AcceptedExtended { ord_type, ..accepted(order_id, side, quantity, limit, None) })
}

fn fill(trade_id: u64, taker: (u64, i64), maker: (u64, i64), quantity: i64, price: i64, auction: bool) -> Event {
    let party = |(order_id, leaves)| Party { order_id, cl_ord_id: 7, leaves, session: 1 };
    let (taker, maker) = (party(taker), party(maker));
    Event::Filled(Fill { taker, maker, price, quantity, instrument: 1, taker_side: Side::Buy, auction, trade_id })
}

fn refreshed(order_id: u64, shown: i64, leaves: i64) -> Event {
    Event::Refreshed(Refreshed { order_id, cl_ord_id: 7, shown, leaves, session: 1, instrument: 1 })
}

fn cancelled(order_id: u64, quantity: i64, reason: CancelReason) -> Event {
    Event::Cancelled(Cancelled { order_id, cl_ord_id: 7, quantity, session: 1, instrument: 1, reason })
}

fn phase(phase: TradingPhase) -> Event {
    Event::PhaseChanged(PhaseChanged { instrument: 1, phase, session: 1 })
}

#[test]
fn an_iceberg_shows_a_slice_at_a_time_and_nothing_of_the_rest() {
    let mut told = Told::new();
    let added = Message::OrderAdded { order_id: 1, price: 100, shown: 10, side: Side::Sell };
    assert_eq!(told.of(&[order(1, Side::Sell, 25, 100, Some(10))]), [added]);
    told.of(&[order(2, Side::Sell, 5, 100, None)]);
    let events = [
        order(3, Side::Buy, 12, 100, None),
        fill(1, (3, 2), (1, 15), 10, 100, false),
        refreshed(1, 10, 15),
        fill(2, (3, 0), (2, 3), 2, 100, false),
    ];
    let traded = |trade_id, quantity| Message::Traded { trade_id, price: 100, quantity, aggressor: OptionalSide::Buy };
    assert_eq!(
        told.of(&events),
        [
            traded(1, 10),
            Message::OrderExecuted { order_id: 1, trade_id: 1, quantity: 10, shown: 0 },
            Message::OrderRefreshed { order_id: 1, price: 100, shown: 10, side: Side::Sell, priority_kept: false },
            traded(2, 2),
            Message::OrderExecuted { order_id: 2, trade_id: 2, quantity: 2, shown: 3 },
        ]
    );
    assert_eq!(told.shown(Side::Sell), [(2, 100, 3), (1, 100, 10)]);
    // What is taken off the hidden part is nobody's business.
    let reduced = |leaves| {
        let (reason, quantity) = (CancelReason::Requested, 1);
        let reduced = Reduced { order_id: 1, cl_ord_id: 7, quantity, leaves, session: 1, instrument: 1, reason };
        [Event::Reduced(reduced)]
    };
    assert_eq!(told.all_of(&reduced(12)), []);
    assert_eq!(told.of(&reduced(4)), [Message::OrderReduced { order_id: 1, shown: 4 }]);
}

#[test]
fn an_iceberg_that_comes_in_and_one_that_is_replaced_show_a_slice_of_what_is_left() {
    let mut told = Told::new();
    told.of(&[order(1, Side::Sell, 5, 100, None)]);
    let events = [order(2, Side::Buy, 25, 100, Some(8)), fill(1, (2, 20), (1, 0), 5, 100, false)];
    assert!(told.of(&events).contains(&Message::OrderAdded { order_id: 2, price: 100, shown: 8, side: Side::Buy }));
    let (price, quantity, leaves, priority_kept) = (99, 11, 6, false);
    let replaced = Replaced {
        order_id: 2,
        cl_ord_id: 8,
        orig_cl_ord_id: 7,
        price,
        quantity,
        leaves,
        session: 1,
        instrument: 1,
        priority_kept,
    };
    let shown = Message::OrderReplaced { order_id: 2, price: 99, shown: 6, priority_kept: false };
    assert_eq!(told.of(&[Event::Replaced(replaced)]), [shown]);
}

#[test]
fn a_stop_order_is_invisible_until_it_trades_or_rests() {
    let mut told = Told::new();
    assert_eq!(told.all_of(&[stop(1, Side::Buy, 5, Some(102))]), []);
    assert_eq!(told.all_of(&[stop(2, Side::Buy, 5, None)]), []);
    assert_eq!(told.all_of(&[cancelled(2, 5, CancelReason::Requested)]), []);
    told.of(&[order(3, Side::Sell, 2, 101, None)]);
    let trigger = Event::Triggered(Triggered { order_id: 1, cl_ord_id: 7, session: 1, instrument: 1 });
    let events = [
        order(4, Side::Buy, 1, 101, None),
        fill(1, (4, 0), (3, 1), 1, 101, false),
        trigger,
        fill(2, (1, 4), (3, 0), 1, 101, false),
    ];
    let rests = Message::OrderAdded { order_id: 1, price: 102, shown: 4, side: Side::Buy };
    assert_eq!(told.of(&events).last(), Some(&rests));
}

#[test]
fn an_auction_is_told_and_icebergs_keep_their_place_in_it() {
    let mut told = Told::new();
    assert_eq!(
        told.of(&[phase(TradingPhase::OpeningAuction)]),
        [Message::MarketPhase { phase: TradingPhase::OpeningAuction }]
    );
    told.of(&[order(1, Side::Buy, 30, 101, Some(10))]);
    told.of(&[order(2, Side::Buy, 5, 101, None)]);
    told.of(&[order(3, Side::Sell, 24, 100, None)]);
    let found = Indication { price: 101, volume: 24, surplus: 11 };
    let indicated: Vec<_> = told.builder.block_end(|_| Some(found)).iter().map(|(_, message)| *message).collect();
    assert_eq!(indicated, [Message::Indicative(Some(found))]);
    assert!(told.builder.block_end(|_| Some(found)).is_empty(), "told once");
    let uncrossed = Event::Uncrossed(Uncrossed { instrument: 1, price: 101, volume: 24, session: 1 });
    let events =
        [uncrossed, fill(1, (1, 6), (3, 0), 24, 101, true), refreshed(1, 6, 6), phase(TradingPhase::Continuous)];
    assert_eq!(
        told.of(&events),
        [
            Message::AuctionResult { price: 101, volume: 24 },
            Message::Traded { trade_id: 1, price: 101, quantity: 24, aggressor: OptionalSide::Both },
            Message::OrderExecuted { order_id: 1, trade_id: 1, quantity: 24, shown: 6 },
            Message::OrderExecuted { order_id: 3, trade_id: 1, quantity: 24, shown: 0 },
            Message::MarketPhase { phase: TradingPhase::Continuous },
        ]
    );
    assert_eq!(told.shown(Side::Buy), [(1, 101, 6), (2, 101, 5)]);
    assert_eq!(told.builder.book().listing(1).expect("listed").indication, None);
    // The fills alone carry the flag.
    let place = told.builder.place();
    assert_eq!(place.flags & AUCTION, 0);
}

#[test]
fn an_indication_waits_the_longer_the_more_orders_are_shown_and_is_told_in_the_end() {
    let mut told = Told::new();
    told.of(&[phase(TradingPhase::OpeningAuction)]);
    for id in 1..=40 {
        told.of(&[order(id, Side::Buy, 1, 100, None)]);
    }
    let mut at = |after_ns: i64, volume: i64| {
        let resting = order(100 + volume as u64, Side::Sell, 1, 100, None);
        let begun_ns = 1_000_000_000_000;
        told.builder
            .frame(1, begun_ns + after_ns, if volume > 3 { &[] } else { std::slice::from_ref(&resting) })
            .expect("it fits");
        told.builder.block_end(|_| Some(Indication { price: 100, volume, surplus: 0 })).len()
    };
    assert_eq!((at(0, 1), at(30_000, 2), at(40_999, 3), at(41_000, 4)), (1, 0, 0, 1));
}

#[test]
fn a_broken_trade_leaves_the_volume_and_a_new_day_all_but_the_last_price() {
    let mut told = Told::new();
    told.of(&[order(1, Side::Sell, 9, 100, None)]);
    told.of(&[order(2, Side::Buy, 4, 100, None), fill(1, (2, 0), (1, 5), 4, 100, false)]);
    told.of(&[order(3, Side::Buy, 1, 100, None), fill(2, (3, 0), (1, 4), 1, 100, false)]);
    let party = |order_id| BustedParty { order_id, cl_ord_id: 7, session: 1 };
    let (first, second, first_side) = (party(2), party(1), Side::Buy);
    let busted = TradeBusted { trade_id: 1, first, second, price: 100, quantity: 4, instrument: 1, first_side };
    let broken = Message::TradeBroken { trade_id: 1, price: 100, quantity: 4 };
    assert_eq!(told.of(&[Event::TradeBusted(busted)]), [broken]);
    assert_eq!((told.statistics().volume, told.statistics().trades), (1, 1));
    told.of(&[phase(TradingPhase::Closed)]);
    assert_eq!(told.statistics().open, Some(100));
    told.of(&[phase(TradingPhase::PreOpen)]);
    assert_eq!(told.statistics(), Statistics { last: Some(100), ..Statistics::default() });
}

#[test]
fn a_trade_of_an_earlier_day_that_is_broken_leaves_the_new_day_alone() {
    let mut told = Told::new();
    told.of(&[order(1, Side::Sell, 9, 100, None)]);
    told.of(&[order(2, Side::Buy, 4, 100, None), fill(1, (2, 0), (1, 5), 4, 100, false)]);
    told.of(&[phase(TradingPhase::Closed)]);
    told.of(&[phase(TradingPhase::Continuous)]);
    told.of(&[order(3, Side::Buy, 1, 100, None), fill(2, (3, 0), (1, 4), 1, 100, false)]);
    let party = |order_id| BustedParty { order_id, cl_ord_id: 7, session: 1 };
    let (first, second, first_side) = (party(2), party(1), Side::Buy);
    let busted = TradeBusted { trade_id: 1, first, second, price: 100, quantity: 4, instrument: 1, first_side };
    assert_eq!(
        told.all_of(&[Event::TradeBusted(busted)]),
        [Message::TradeBroken { trade_id: 1, price: 100, quantity: 4 }]
    );
    assert_eq!((told.statistics().volume, told.statistics().trades), (1, 1));
}

#[test]
fn an_auction_is_looked_at_again_when_what_nobody_sees_or_the_reference_price_changes() {
    let mut told = Told::new();
    told.of(&[phase(TradingPhase::OpeningAuction)]);
    told.of(&[order(1, Side::Buy, 30, 101, Some(10))]);
    let asked = |told: &mut Told| {
        let asks = std::cell::Cell::new(0);
        told.builder.block_end(|_| {
            asks.set(asks.get() + 1);
            None
        });
        asks.get()
    };
    assert_eq!((asked(&mut told), asked(&mut told)), (1, 0), "not again while nothing happens");
    let (reason, session) = (CancelReason::Requested, 1);
    let reduced = Reduced { order_id: 1, cl_ord_id: 7, quantity: 5, leaves: 25, session, instrument: 1, reason };
    assert_eq!(told.all_of(&[Event::Reduced(reduced)]), []);
    assert_eq!(asked(&mut told), 1);
    let template = messages::set_instrument_rules_codec::SBE_TEMPLATE_ID;
    assert_eq!(told.all_of(&[Event::Administered(Administered { template, id: 1, session })]), []);
    assert_eq!(asked(&mut told), 1);
    let other = Administered { template, id: 2, session };
    assert_eq!((told.all_of(&[Event::Administered(other)]), asked(&mut told)), (vec![], 0));
}

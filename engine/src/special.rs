//! Special orders: what most live orders do without, so that those stay one cache line. Whatever is not `Limit` with
//! `GoodTillCancel` has a record here, and so has an order with attributes.

use crate::command::{Attributes, ExecInst, NewOrder, OrdType, SelfTradePrevention, TimeInForce};
use crate::heap::{Heap, NOWHERE};
use crate::ladder::{book_of, mirror, opposite};
use crate::orders::{NONE, Orders};
use crate::taker::Taker;

/// Of `display_quantity`: no iceberg shows so much.
const ALL: i64 = i64::MAX;

/// What is kept of a live special order.
#[derive(Clone, Copy, Debug)]
pub struct Special {
    /// As accepted; a stop limit order that was triggered is a limit order from then on.
    pub ord_type: OrdType,
    /// As accepted.
    pub time_in_force: TimeInForce,
    /// As accepted.
    pub instructions: ExecInst,
    /// What becomes of a trade with itself when it comes in.
    pub prevention: SelfTradePrevention,
    /// Orders of one group do not trade with each other.
    pub self_trade_group: u32,
    /// The side of the book that it is of, also while it waits.
    pub ladder: u32,
    /// Its slot in [`Orders`].
    slot: u32,
    /// In lots, at most so much is shown at a time.
    pub display_quantity: i64,
    /// In lots, what is shown of its leaves now.
    pub shown: i64,
    /// From then on it is due, if it is good till a date. Any number is a time: none says that there is none.
    pub expire_time_ns: i64,
    /// In ticks, of a stop order.
    pub stop_price: i64,
    /// In ticks, of a stop limit order that waits.
    pub price: i64,
    /// Its place among the orders that have a time.
    in_expiries: u32,
    /// Its place among the stops that wait, if it does.
    in_waiting: u32,
    /// The next younger Day order of its book; or, of a free record, the next free one.
    day_next: u32,
    /// The next older Day order of its book.
    day_prev: u32,
}

impl Special {
    /// Whether an order needs a record once it is live.
    #[inline]
    pub fn is_needed(order: &NewOrder, attributes: &Attributes) -> bool {
        order.ord_type != OrdType::Limit
            || order.time_in_force != TimeInForce::GoodTillCancel
            || !attributes.display_quantity.is_none()
            || attributes.self_trade_group != 0
            || attributes.instructions != ExecInst(0)
            || attributes.self_trade_prevention != SelfTradePrevention::None
    }

    /// The record of an order that is about to become live.
    pub fn of(order: &NewOrder, attributes: &Attributes, ladder: u32) -> Self {
        Self {
            ord_type: order.ord_type,
            time_in_force: order.time_in_force,
            instructions: attributes.instructions,
            prevention: attributes.self_trade_prevention,
            self_trade_group: attributes.self_trade_group,
            ladder,
            display_quantity: attributes.display_quantity.get().unwrap_or(ALL),
            expire_time_ns: attributes.expire_time_ns.get().unwrap_or(0),
            stop_price: attributes.stop_price.get().unwrap_or(0),
            price: order.price.unwrap_or(0),
            ..NOBODY
        }
    }

    /// Whether an order of which this is kept, in a queue, is like one of which nothing is.
    pub fn is_plain(&self) -> bool {
        self.time_in_force == TimeInForce::GoodTillCancel
            && !self.is_iceberg()
            && self.self_trade_group == 0
            && self.instructions == ExecInst(0)
            && self.prevention == SelfTradePrevention::None
    }

    /// Whether its time has come, so that it does not trade any more.
    #[inline]
    pub fn is_due(&self, now_ns: i64) -> bool {
        self.has_time() && self.expire_time_ns <= now_ns
    }

    /// Whether it lives until a time.
    #[inline]
    fn has_time(&self) -> bool {
        self.time_in_force == TimeInForce::GoodTillDate
    }

    /// A stop limit order that was triggered is like any limit order.
    pub fn become_limit(&mut self) {
        (self.ord_type, self.stop_price, self.price) = (OrdType::Limit, 0, 0);
    }

    /// Whether it never shows more than a part.
    pub fn is_iceberg(&self) -> bool {
        self.display_quantity != ALL
    }

    /// Its attributes as a control looks at them.
    pub fn attributes(&self) -> Attributes {
        let some = |value: i64, is: bool| is.then_some(value).into();
        Attributes {
            stop_price: some(self.stop_price, self.stop_price != 0),
            display_quantity: some(self.display_quantity, self.is_iceberg()),
            expire_time_ns: some(self.expire_time_ns, self.has_time()),
            self_trade_group: self.self_trade_group,
            instructions: self.instructions,
            self_trade_prevention: self.prevention,
            ..Attributes::NONE
        }
    }

    /// Has a taker trade as this order does.
    pub fn guard(&self, taker: &mut Taker) {
        taker.prevention = self.prevention;
        taker.self_trade_group = self.self_trade_group;
    }
}

/// The oldest and the youngest Day order of a book.
#[derive(Clone, Copy, Debug)]
struct Day {
    oldest: u32,
    youngest: u32,
}

/// What there is of one side of a book.
#[derive(Debug, Default)]
struct SideOfBook {
    /// How many are in the queues of its prices.
    resting: u32,
    /// The stop orders that wait, the first to be triggered first, by the key of their price and by age.
    waiting: Heap,
}

/// A slab of special orders, and in which order their times come.
#[derive(Debug)]
pub struct Specials {
    /// The first is nobody's: a plain order says 0.
    records: Vec<Special>,
    free: u32,
    /// Those that have a time, the first to be due first.
    expiries: Heap,
    /// By book.
    days: Vec<Day>,
    /// By ladder.
    sides: Vec<SideOfBook>,
    /// How many wait, in all books.
    waiting: u32,
}

const NOBODY: Special = Special {
    ord_type: OrdType::Limit,
    time_in_force: TimeInForce::GoodTillCancel,
    instructions: ExecInst(0),
    prevention: SelfTradePrevention::None,
    self_trade_group: 0,
    ladder: NONE,
    slot: NONE,
    display_quantity: ALL,
    shown: 0,
    expire_time_ns: 0,
    stop_price: 0,
    price: 0,
    in_expiries: NOWHERE,
    in_waiting: NOWHERE,
    day_next: NONE,
    day_prev: NONE,
};

impl Specials {
    /// None.
    pub fn new() -> Self {
        Self {
            records: vec![NOBODY],
            free: NONE,
            expiries: Heap::default(),
            days: Vec::new(),
            sides: Vec::new(),
            waiting: 0,
        }
    }

    /// A book has been opened.
    pub fn open(&mut self) {
        self.days.push(Day { oldest: NONE, youngest: NONE });
        self.sides.extend([SideOfBook::default(), SideOfBook::default()]);
    }

    /// Gives the record of the order at `slot`, youngest of all, its place, and the order the number of it.
    pub fn add(&mut self, orders: &mut Orders, slot: u32, special: Special) {
        let mut at = self.free;
        if at == NONE {
            at = self.records.len() as u32;
            self.records.push(special);
        } else {
            self.free = self[at].day_next;
            self[at] = special;
        }
        self[at].slot = slot;
        orders[slot].set_special(at);
        if special.has_time() {
            let Self { expiries, records, .. } = self;
            let key = special.expire_time_ns as u64; // above the stamp, so not negative
            expiries.push(key, orders[slot].order_id, at, |item, place| records[item as usize].in_expiries = place);
        }
        if special.time_in_force == TimeInForce::Day {
            let youngest = std::mem::replace(&mut self.days[book_of(special.ladder) as usize].youngest, at);
            self[at].day_prev = youngest;
            self[at].day_next = NONE;
            if youngest == NONE {
                self.days[book_of(special.ladder) as usize].oldest = at;
            } else {
                self[youngest].day_next = at;
            }
        }
    }

    /// Frees the record of an order that is in no queue any more.
    pub fn remove(&mut self, at: u32) {
        self.stop_waiting(at);
        let special = self[at];
        if special.in_expiries != NOWHERE {
            let Self { expiries, records, .. } = self;
            expiries.remove(special.in_expiries, |item, place| records[item as usize].in_expiries = place);
        }
        if special.time_in_force == TimeInForce::Day {
            let (next, prev, book) = (special.day_next, special.day_prev, book_of(special.ladder) as usize);
            if next == NONE {
                self.days[book].youngest = prev;
            } else {
                self[next].day_prev = prev;
            }
            if prev == NONE {
                self.days[book].oldest = next;
            } else {
                self[prev].day_next = next;
            }
        }
        self[at].day_next = self.free;
        self.free = at;
    }

    /// Has an order wait for its stop price.
    pub fn wait(&mut self, at: u32, order_id: u64) {
        let Special { stop_price, ladder, .. } = self[at];
        // A buy waits for the price to rise, a sell for it to fall: the key of the other side has the first the lowest.
        let key = mirror(opposite(ladder), stop_price as u64);
        let Self { sides, records, .. } = self;
        let moved = |item: u32, place| records[item as usize].in_waiting = place;
        sides[ladder as usize].waiting.push(key, order_id, at, moved);
        self.waiting += 1;
    }

    /// Takes an order out of those that wait, if it does.
    pub fn stop_waiting(&mut self, at: u32) {
        let Special { ladder, in_waiting, .. } = self[at];
        if in_waiting != NOWHERE {
            let Self { sides, records, .. } = self;
            let moved = |item: u32, place| records[item as usize].in_waiting = place;
            sides[ladder as usize].waiting.remove(in_waiting, moved);
            self.waiting -= 1;
        }
    }

    /// The slots of the stop orders of a side that wait, the first to be triggered first.
    pub fn waiting(&self, ladder: u32) -> Vec<u32> {
        self.sides[ladder as usize].waiting.in_order().map(|at| self[at].slot).collect()
    }

    /// Whether any stop order waits in any book.
    #[inline]
    pub fn any_waits(&self) -> bool {
        self.waiting != 0
    }

    /// The slot of the first stop order of a side that `last` has reached, if one is.
    pub fn reached(&self, ladder: u32, last: i64) -> Option<u32> {
        let (key, at) = self.sides[ladder as usize].waiting.first()?;
        (key <= mirror(opposite(ladder), last as u64)).then(|| self[at].slot)
    }

    /// The time of the order that is due first, and its slot.
    pub fn first_due(&self) -> Option<(i64, u32)> {
        self.expiries.first().map(|(key, at)| (key as i64, self[at].slot))
    }

    /// The slots of all orders that are due, in no order.
    pub fn due(&self, now_ns: i64) -> Vec<u32> {
        self.expiries.up_to(now_ns as u64).map(|at| self[at].slot).collect()
    }

    /// The slot of the oldest Day order of a book, or none.
    pub fn oldest_of_day(&self, book: u32) -> u32 {
        let oldest = self.days[book as usize].oldest;
        if oldest == NONE { NONE } else { self[oldest].slot }
    }

    /// Whether a special order is in a queue of this side.
    #[inline]
    pub fn any_rests(&self, ladder: u32) -> bool {
        self.sides[ladder as usize].resting != 0
    }

    /// An order joins a queue with `leaves`. What it shows there.
    pub fn joins(&mut self, at: u32, leaves: i64) -> i64 {
        let special = &mut self[at];
        special.shown = special.display_quantity.min(leaves);
        let (shown, ladder) = (special.shown, special.ladder);
        self.sides[ladder as usize].resting += 1;
        shown
    }

    /// An order is in a queue again after a load, and shows what it did before.
    pub fn puts_back(&mut self, at: u32, shown: i64) {
        let special = &mut self[at];
        special.shown = shown;
        let ladder = special.ladder;
        self.sides[ladder as usize].resting += 1;
    }

    /// An order has left its queue. What it showed there.
    pub fn leaves(&mut self, at: u32) -> i64 {
        let Special { ladder, shown, .. } = self[at];
        self.sides[ladder as usize].resting -= 1;
        shown
    }
}

impl std::ops::Index<u32> for Specials {
    type Output = Special;
    #[inline]
    fn index(&self, at: u32) -> &Special {
        &self.records[at as usize]
    }
}

impl std::ops::IndexMut<u32> for Specials {
    #[inline]
    fn index_mut(&mut self, at: u32) -> &mut Special {
        &mut self.records[at as usize]
    }
}

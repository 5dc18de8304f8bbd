//! Live orders. Those in queues by instrument, side, price and place; stops that wait by instrument and side, the first to
//! be triggered first. Index, owners' lists, levels and times follow from them.

use super::walk::SIDE_BY_SIDE;
use super::{Reader, SnapshotError, Writer};
use crate::book::Books;
use crate::check;
use crate::command::{Attributes, ExecInst, NewOrder, OrdType, SelfTradePrevention, Side, TimeInForce};
use crate::engine::Engine;
use crate::ladder::{book_of, ladder_of, mirror, opposite};
use crate::limits::{ORDERS_MAX, QUANTITY_MAX_LOTS};
use crate::logic::LOGIC_VERSION;
use crate::optional::Optional;
use crate::orders::{NONE, Order};
use crate::special::Special;

/// What an order takes at least.
const ORDER_BYTES: usize = 41;

/// How many orders ahead a load looks: memory answers within that many.
const AHEAD: usize = 16;

/// The two sides of a book, as they are written.
const SIDES: [Side; 2] = [Side::Buy, Side::Sell];

/// What a load has read of the live orders, until all are there and their ages can be compared.
#[derive(Default)]
pub(super) struct Live {
    /// As (order id, slot, place among `special`, or none).
    orders: Vec<(u64, u32, u32)>,
    special: Vec<Special>,
}

impl Engine {
    pub(super) fn save_queues(&self, out: &mut Writer) {
        let books = &self.books;
        out.reserve(books.orders.live() as usize * ORDER_BYTES);
        let (mut levels, mut queues) = (Vec::new(), <[Vec<u32>; SIDE_BY_SIDE]>::default());
        for book in books.in_order() {
            for side in SIDES {
                let some = |at: u32| (at != NONE).then_some(at);
                let best = some(books.ladders.best(ladder_of(book, side)));
                levels.clear();
                levels.extend(std::iter::successors(best, |&at| some(books.ladders.next(at))));
                if levels.is_empty() {
                    continue;
                }
                out.u32(books.terms(book).id);
                out.u8(side as u8);
                out.count(levels.len());
                for levels in levels.chunks(SIDE_BY_SIDE) {
                    books.queues(levels, &mut queues);
                    for (&level, queue) in levels.iter().zip(&queues) {
                        out.i64(books.ladders.price(level));
                        out.count(queue.len());
                        queue.iter().for_each(|&slot| self.save_queued(slot, out));
                    }
                }
            }
        }
    }

    fn save_queued(&self, slot: u32, out: &mut Writer) {
        let order = &self.books.orders[slot];
        save_order(order, out);
        match order.special() {
            0 => out.u8(0),
            special => save_resting(&self.books.specials[special], out),
        }
    }

    pub(super) fn save_stops(&self, out: &mut Writer) {
        for book in self.books.in_order() {
            for side in SIDES {
                let waiting = self.books.specials.waiting(ladder_of(book, side));
                if waiting.is_empty() {
                    continue;
                }
                out.u32(self.books.terms(book).id);
                out.u8(side as u8);
                out.count(waiting.len());
                for slot in waiting {
                    let order = &self.books.orders[slot];
                    let special = &self.books.specials[order.special()];
                    save_order(order, out);
                    out.u8(special.ord_type as u8);
                    out.i64(special.stop_price);
                    out.i64(special.price);
                    save_attributes(special, out);
                }
            }
        }
    }

    pub(super) fn load_queues(&mut self, from: &mut Reader) -> Result<Live, SnapshotError> {
        let mut live = Live::default();
        // No more than there can be in so many bytes.
        self.books.make_room(from.left() / ORDER_BYTES);
        let mut above = 0;
        while !from.is_empty() {
            let ladder = self.load_side(from, &mut above)?;
            let mut worse_than = None;
            let levels = from.u32()?;
            from.check(levels > 0, "a side without orders")?;
            for _ in 0..levels {
                let price = from.i64()?;
                from.check(check::price(price).is_ok(), "a price that no order can have")?;
                let key = mirror(ladder, price as u64);
                from.check(worse_than.is_none_or(|best| key > best), "prices out of order")?;
                worse_than = Some(key);
                let orders = from.u32()?;
                from.check(orders > 0, "a price without orders")?;
                for _ in 0..orders {
                    self.load_queued(from, ladder, price, &mut live)?;
                }
            }
            let book = book_of(ladder);
            from.check(!self.trades_now(book) || !self.books.is_crossed(book), "a crossed book in continuous trading")?;
        }
        Ok(live)
    }

    fn load_queued(
        &mut self,
        from: &mut Reader,
        ladder: u32,
        price: i64,
        live: &mut Live,
    ) -> Result<(), SnapshotError> {
        // The index is waited for when its turn comes, unless it was looked at before: if what follows is plain, this is it.
        if let Some(bytes) = from.ahead::<ORDER_BYTES>(AHEAD * ORDER_BYTES) {
            self.books.look_ahead(bytes);
        }
        let order = self.load_order(from)?;
        let special = if from.flag()? { Some(load_resting(from, &order, ladder, price)?) } else { None };
        let shown = special.as_ref().map_or(order.leaves, |special| special.shown);
        let slot = self.load_known(from, order, special, live)?;
        self.books.ladders.join(&mut self.books.orders, ladder, price, slot, shown);
        Ok(())
    }

    pub(super) fn load_stops(&mut self, from: &mut Reader, live: &mut Live) -> Result<(), SnapshotError> {
        let mut above = 0;
        while !from.is_empty() {
            let ladder = self.load_side(from, &mut above)?;
            let mut before = None;
            let orders = from.u32()?;
            from.check(orders > 0, "a side without orders")?;
            for _ in 0..orders {
                let order = self.load_order(from)?;
                let special = load_waiting(from, &order, ladder)?;
                let rank = (mirror(opposite(ladder), special.stop_price as u64), order.order_id);
                from.check(before.is_none_or(|before| rank > before), "stop orders out of order")?;
                before = Some(rank);
                self.load_known(from, order, Some(special), live)?;
            }
        }
        Ok(())
    }

    /// The ladder that a group of orders is of; groups ascend from `above`.
    fn load_side(&self, from: &mut Reader, above: &mut u64) -> Result<u32, SnapshotError> {
        let instrument = from.u32()?;
        let book = self.books.find(instrument).ok_or_else(|| from.wrong("an instrument that is not defined"))?;
        let side = Side::from(from.u8()?);
        from.check(side != Side::NullVal, "neither buy nor sell")?;
        let rank = u64::from(instrument) * 2 + u64::from(side == Side::Sell);
        from.check(rank >= *above, "sides of books out of order")?;
        *above = rank + 1;
        Ok(ladder_of(book, side))
    }

    fn load_order(&self, from: &mut Reader) -> Result<Order, SnapshotError> {
        let order_id = from.u64()?;
        from.check((1..=self.last_order_id).contains(&order_id), "an order id that was never given")?;
        let cl_ord_id = from.u64()?;
        let leaves = from.i64()?;
        from.check(check::quantity(leaves).is_ok(), "a quantity that no order can have")?;
        let filled = from.i64()?;
        let sound = filled >= 0 && filled <= QUANTITY_MAX_LOTS - leaves;
        from.check(sound, "more traded than an order can have")?;
        let (session, account) = (from.u32()?, from.u32()?);
        Ok(Order {
            order_id,
            cl_ord_id,
            leaves,
            filled_and_special: filled as u64,
            session,
            account,
            owner: NONE,
            level: NONE,
            next: NONE,
            prev: NONE,
            owner_next: NONE,
            owner_prev: NONE,
        })
    }

    /// Gives an order a slot, in which its session knows it by its client id.
    fn load_known(
        &mut self,
        from: &mut Reader,
        order: Order,
        special: Option<Special>,
        live: &mut Live,
    ) -> Result<u32, SnapshotError> {
        from.check(self.books.orders.live() < self.orders_max, "more live orders than there may be")?;
        let unused = self.books.order(order.session, order.cl_ord_id).is_none();
        from.check(unused, "two live orders of a session with one client id")?;
        let slot = self.books.place(order);
        let place = if special.is_some() { live.special.len() as u32 } else { NONE };
        live.special.extend(special);
        live.orders.push((order.order_id, slot, place));
        Ok(slot)
    }

    /// All live orders are there: by age they get their places in the lists of their owners, times and days.
    pub(super) fn link_live(&mut self, from: &Reader, mut live: Live) -> Result<(), SnapshotError> {
        live.orders.sort_unstable_by_key(|order| order.0);
        let twice = live.orders.windows(2).any(|pair| pair[0].0 == pair[1].0);
        from.check(!twice, "two live orders with one id")?;
        for (at, &(_, slot, place)) in live.orders.iter().enumerate() {
            if let Some(coming) = live.orders.get(at + AHEAD) {
                self.books.orders.prefetch(coming.1);
            }
            self.books.own(slot);
            if place != NONE {
                self.books.put_back(slot, live.special[place as usize]);
            }
        }
        Ok(())
    }
}

impl Books {
    /// Makes room for so many orders before the first comes.
    fn make_room(&mut self, orders: usize) {
        let orders = orders.min(ORDERS_MAX as usize);
        self.orders.make_room(orders);
        self.by_cl_ord_id.make_room(orders as u32);
    }

    /// Brings where the index has an order into the cache.
    fn look_ahead(&self, saved: &[u8; ORDER_BYTES]) {
        let word = |at: usize| u64::from_le_bytes(saved[at..at + 8].try_into().expect("eight bytes"));
        self.by_cl_ord_id.prefetch(self.hash_of(word(32) as u32, word(8)));
    }

    /// Gives an order a slot, in which it is known by its id; its owner gets it by [`Books::own`].
    pub fn place(&mut self, order: Order) -> u32 {
        let slot = self.orders.add(order);
        self.index(slot);
        slot
    }

    /// Gives an order that is younger than all that have been given before, to its owner.
    pub fn own(&mut self, slot: u32) {
        self.owners.link(&mut self.orders, slot);
    }

    /// Puts back what is kept of an order that is younger than all of which it was put back before.
    pub fn put_back(&mut self, slot: u32, special: Special) {
        self.specials.add(&mut self.orders, slot, special);
        let order = &self.orders[slot];
        if order.level == NONE {
            self.specials.wait(order.special(), order.order_id);
        } else {
            self.specials.puts_back(order.special(), special.shown);
        }
    }
}

fn save_order(order: &Order, out: &mut Writer) {
    let mut bytes = [0; ORDER_BYTES - 1];
    bytes[..8].copy_from_slice(&order.order_id.to_le_bytes());
    bytes[8..16].copy_from_slice(&order.cl_ord_id.to_le_bytes());
    bytes[16..24].copy_from_slice(&order.leaves.to_le_bytes());
    bytes[24..32].copy_from_slice(&order.filled().to_le_bytes());
    bytes[32..36].copy_from_slice(&order.session.to_le_bytes());
    bytes[36..].copy_from_slice(&order.account.to_le_bytes());
    out.bytes(&bytes);
}

/// Of an order that was triggered and is like any other by now, nothing is left to say.
fn save_resting(special: &Special, out: &mut Writer) {
    let is_special = !special.is_plain();
    out.flag(is_special);
    if is_special {
        out.i64(special.shown);
        save_attributes(special, out);
    }
}

fn save_attributes(special: &Special, out: &mut Writer) {
    let attributes = special.attributes();
    out.u8(special.time_in_force as u8);
    out.u8(special.instructions.0);
    out.u8(special.prevention as u8);
    out.u32(special.self_trade_group);
    out.i64(attributes.display_quantity.raw());
    out.i64(attributes.expire_time_ns.raw());
}

/// What is kept of an order in a queue of `price` that is not plain.
fn load_resting(from: &mut Reader, order: &Order, ladder: u32, price: i64) -> Result<Special, SnapshotError> {
    let shown = from.i64()?;
    from.check((1..=order.leaves).contains(&shown), "another quantity shown than there is")?;
    let mut special = load_attributes(from, order, ladder, OrdType::Limit, Some(price), Optional::NONE)?;
    let most = special.display_quantity.min(order.leaves);
    let sound = check::stays(special.time_in_force) && if special.is_iceberg() { shown <= most } else { shown == most };
    from.check(sound && !special.is_plain(), "attributes that no order in a queue can have")?;
    special.shown = shown;
    Ok(special)
}

/// What is kept of a stop order that waits.
fn load_waiting(from: &mut Reader, order: &Order, ladder: u32) -> Result<Special, SnapshotError> {
    let ord_type = OrdType::from(from.u8()?);
    from.check(check::is_stop(ord_type), "no stop order")?;
    let (stop_price, price) = (from.optional()?, from.i64()?);
    from.check(ord_type == OrdType::StopLimit || price == 0, "a price of an order that has none")?;
    load_attributes(from, order, ladder, ord_type, (ord_type == OrdType::StopLimit).then_some(price), stop_price)
}

fn load_attributes(
    from: &mut Reader,
    live: &Order,
    ladder: u32,
    ord_type: OrdType,
    price: Option<i64>,
    stop_price: Optional,
) -> Result<Special, SnapshotError> {
    let time_in_force = TimeInForce::from(from.u8()?);
    let instructions = ExecInst(from.u8()?);
    let self_trade_prevention = SelfTradePrevention::from(from.u8()?);
    let self_trade_group = from.u32()?;
    let (display_quantity, expire_time_ns) = (from.optional()?, from.optional()?);
    let attributes = Attributes {
        stop_price,
        display_quantity,
        expire_time_ns,
        self_trade_group,
        instructions,
        self_trade_prevention,
        ..Attributes::NONE
    };
    let order = NewOrder {
        cl_ord_id: live.cl_ord_id,
        price,
        // As much as it may have been when the attributes were looked at: it may show more than it has by now.
        quantity: (live.leaves + live.filled()).max(display_quantity.raw()),
        instrument: 0,
        account: live.account,
        side: Side::Buy,
        ord_type,
        time_in_force,
    };
    let sound = check::terms(&order, LOGIC_VERSION).is_ok() && check::attributes(&order, &attributes, 0).is_ok();
    from.check(sound, "attributes that no order can have")?;
    Ok(Special::of(&order, &attributes, ladder))
}

//! The live orders, in slots that are used again: one cache line each, linked by slot number.

use crate::limits::{ORDERS_MAX, QUANTITY_MAX_LOTS};
use prefetch::prefetch;
use std::collections::TryReserveError;

/// Of a link: nothing.
pub const NONE: u32 = u32::MAX;

/// A live order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(64))]
pub struct Order {
    /// The engine's id.
    pub order_id: u64,
    /// The client's id.
    pub cl_ord_id: u64,
    /// Lots that may still trade.
    pub leaves: i64,
    /// Lots that have traded, and above their bits the number of its record in [`crate::special::Specials`], 0 of an
    /// order that has none.
    pub filled_and_special: u64,
    /// Who owns it.
    pub session: u32,
    /// The owner's slot in [`crate::owners::Owners`]; of a free slot none.
    pub owner: u32,
    /// The client's own.
    pub account: u32,
    /// Its price level in [`crate::ladder::Ladders`], or none while it waits for its stop price.
    pub level: u32,
    /// The order behind it on its level.
    pub next: u32,
    /// The order before it on its level.
    pub prev: u32,
    /// The owner's next younger order.
    pub owner_next: u32,
    /// The owner's next older order.
    pub owner_prev: u32,
}

const _: () = assert!(size_of::<Order>() == 64, "an order is one cache line");

/// An order that is nobody's and nowhere.
pub const BLANK: Order = Order {
    order_id: 0,
    cl_ord_id: 0,
    leaves: 0,
    filled_and_special: 0,
    session: 0,
    account: 0,
    level: NONE,
    next: NONE,
    prev: NONE,
    owner: NONE,
    owner_next: NONE,
    owner_prev: NONE,
};

/// Lots that have traded take so many bits.
const FILLED_BITS: u32 = 40;

const _: () = assert!(QUANTITY_MAX_LOTS < 1 << FILLED_BITS, "what has traded of an order fits");
const _: () = assert!((ORDERS_MAX as u64) < 1 << (64 - FILLED_BITS), "there is a number for every record");

impl Order {
    /// Lots that have traded.
    #[inline]
    pub fn filled(&self) -> i64 {
        (self.filled_and_special & ((1 << FILLED_BITS) - 1)) as i64
    }

    /// Lots have traded, or more have.
    #[inline]
    pub fn fill(&mut self, quantity: i64) {
        self.filled_and_special += quantity as u64;
    }

    /// Whether there is a record of it.
    #[inline]
    pub fn is_special(&self) -> bool {
        self.filled_and_special >> FILLED_BITS != 0
    }

    /// The number of its record, 0 if there is none.
    #[inline]
    pub fn special(&self) -> u32 {
        (self.filled_and_special >> FILLED_BITS) as u32
    }

    /// Says which record is of it, once.
    pub fn set_special(&mut self, number: u32) {
        self.filled_and_special |= u64::from(number) << FILLED_BITS;
    }
}

/// A slab of orders.
#[derive(Debug)]
pub struct Orders {
    slots: Vec<Order>,
    free: u32,
    live: u32,
}

impl Orders {
    /// No orders.
    pub fn new() -> Self {
        Self { slots: Vec::new(), free: NONE, live: 0 }
    }

    /// How many are live.
    #[inline]
    pub fn live(&self) -> u32 {
        self.live
    }

    /// The order in a slot, if there is such a slot.
    #[inline]
    pub fn get(&self, slot: u32) -> Option<&Order> {
        self.slots.get(slot as usize)
    }

    /// Asks for an order, if there is one.
    #[inline]
    pub fn prefetch(&self, slot: u32) {
        self.get(slot).inspect(|order| prefetch(*order));
    }

    /// Makes room for so many more.
    pub fn make_room(&mut self, orders: usize) {
        self.slots.reserve(orders);
    }

    /// As `make_room`, and writes to it, so that the memory is there when they come.
    pub fn take_room(&mut self, orders: usize) -> Result<(), TryReserveError> {
        self.slots.try_reserve(orders)?;
        let live = self.slots.len();
        self.slots.resize(live + orders, BLANK);
        self.slots.truncate(live);
        Ok(())
    }

    /// Gives the order a slot, the one freed last if there is one.
    #[inline]
    pub fn add(&mut self, order: Order) -> u32 {
        self.live += 1;
        let slot = self.free;
        if slot != NONE {
            self.free = self[slot].next;
            self[slot] = order;
            return slot;
        }
        self.slots.push(order);
        (self.slots.len() - 1) as u32
    }

    /// Frees the slot of an order that nothing links to any more.
    #[inline]
    pub fn remove(&mut self, slot: u32) {
        self.live -= 1;
        let free = self.free;
        let order = &mut self[slot];
        (order.next, order.owner) = (free, NONE);
        self.free = slot;
    }

    /// All orders that are on their owners' lists, with their slots.
    pub fn owned(&self) -> impl Iterator<Item = (u32, &Order)> {
        (0..).zip(&self.slots).filter(|(_, order)| order.owner != NONE)
    }
}

impl std::ops::Index<u32> for Orders {
    type Output = Order;
    #[inline]
    fn index(&self, slot: u32) -> &Order {
        &self.slots[slot as usize]
    }
}

impl std::ops::IndexMut<u32> for Orders {
    #[inline]
    fn index_mut(&mut self, slot: u32) -> &mut Order {
        &mut self.slots[slot as usize]
    }
}

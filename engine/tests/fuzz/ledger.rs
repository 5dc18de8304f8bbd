//! What is left of each order, from the events alone: no lot is made or lost, ids count up.

use engine::event::Event;

/// See the module.
#[derive(Default)]
pub struct Ledger {
    /// Lots left of each order; that of id n + 1 at place n.
    leaves: Vec<i64>,
    trades: u64,
}

impl Ledger {
    /// One more event. Panics if it cannot follow those before.
    pub fn take(&mut self, event: &Event) {
        match event {
            Event::Accepted(e) => self.accept(e.order_id, e.quantity),
            Event::AcceptedExtended(e) => self.accept(e.order_id, e.quantity),
            Event::Filled(e) => {
                self.trades += 1;
                assert_eq!(e.trade_id, self.trades);
                for party in [&e.taker, &e.maker] {
                    self.lose(party.order_id, e.quantity, party.leaves);
                }
            }
            Event::Reduced(e) => self.lose(e.order_id, e.quantity, e.leaves),
            Event::Cancelled(e) => self.lose(e.order_id, e.quantity, 0),
            Event::Replaced(e) => *self.live(e.order_id) = e.leaves,
            Event::Refreshed(e) => {
                assert_eq!(*self.live(e.order_id), e.leaves);
                assert!((1..=e.leaves).contains(&e.shown));
            }
            Event::Triggered(e) => assert!(*self.live(e.order_id) > 0),
            _ => {}
        }
    }

    /// How many orders have something left.
    pub fn live_orders(&self) -> u64 {
        self.leaves.iter().filter(|&&leaves| leaves > 0).count() as u64
    }

    fn accept(&mut self, order_id: u64, quantity: i64) {
        self.leaves.push(quantity);
        assert_eq!(order_id, self.leaves.len() as u64);
    }

    fn lose(&mut self, order_id: u64, quantity: i64, leaves: i64) {
        let before = std::mem::replace(self.live(order_id), leaves);
        assert!(quantity > 0 && leaves >= 0 && before - quantity == leaves, "{before} less {quantity} is not {leaves}");
    }

    /// What is left of an order that has something left.
    fn live(&mut self, order_id: u64) -> &mut i64 {
        let leaves = &mut self.leaves[order_id as usize - 1];
        assert!(*leaves > 0, "order {order_id} is gone");
        leaves
    }
}

//! Walking the queues of a book. Orders that follow each other lie anywhere in memory, and a walk waits for each; so a few
//! queues are walked side by side, and the waits overlap.

use crate::book::Books;
use crate::orders::NONE;

/// Queues that are walked together: about as many misses as a core can have under way.
pub(super) const SIDE_BY_SIDE: usize = 16;

impl Books {
    /// The slots in the queues of up to [`SIDE_BY_SIDE`] levels, each queue in its order. The orders are in the cache then, if
    /// there are not too many.
    pub(super) fn queues(&self, levels: &[u32], queues: &mut [Vec<u32>; SIDE_BY_SIDE]) {
        let mut next = [NONE; SIDE_BY_SIDE];
        for (next, &level) in next.iter_mut().zip(levels) {
            *next = self.ladders[level].head;
        }
        queues.iter_mut().for_each(Vec::clear);
        while next.iter().any(|&slot| slot != NONE) {
            for (next, queue) in next.iter_mut().zip(queues.iter_mut()).filter(|(next, _)| **next != NONE) {
                queue.push(*next);
                *next = self.orders[*next].next;
            }
        }
    }
}

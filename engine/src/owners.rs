//! Who owns which live orders: per session a list through the orders, the oldest first. A session without orders
//! costs nothing.

use crate::index::{Index, hash_of};
use crate::orders::{NONE, Orders};

#[derive(Clone, Copy, Debug)]
struct Owner {
    session: u32,
    oldest: u32,
    /// Or, of a free slot, the next free one.
    youngest: u32,
}

/// All sessions with live orders.
#[derive(Debug)]
pub struct Owners {
    slots: Vec<Owner>,
    free: u32,
    by_session: Index,
    /// The owner used last: commands of one session come in runs.
    recent: u32,
    /// Places in the lists, each the slot of an order, that stay true while orders go; none at the end of a list.
    marks: Vec<u32>,
}

/// Of a mark: free.
const UNUSED: u32 = NONE - 1;

impl Owners {
    /// Nobody owns anything.
    pub fn new() -> Self {
        Self { slots: Vec::new(), free: NONE, by_session: Index::new(), recent: NONE, marks: Vec::new() }
    }

    /// The session's oldest live order, or none.
    pub fn oldest(&self, session: u32) -> u32 {
        self.find(session).map_or(NONE, |owner| self.slots[owner as usize].oldest)
    }

    /// The lowest sessions from one on that have live orders, at most so many, in ascending order.
    pub fn sessions_from(&self, from: u32, most: usize) -> Vec<u32> {
        let owning = self.slots.iter().filter(|owner| owner.oldest != NONE && owner.session >= from);
        let mut sessions: Vec<u32> = owning.map(|owner| owner.session).collect();
        if sessions.len() > most {
            sessions.select_nth_unstable(most);
            sessions.truncate(most);
        }
        sessions.sort_unstable();
        sessions
    }

    /// Puts an order that is younger than all others of its session at the end of the session's list.
    #[inline]
    pub fn link(&mut self, orders: &mut Orders, slot: u32) {
        let session = orders[slot].session;
        let owner = self.find_or_add(session);
        let youngest = std::mem::replace(&mut self.slots[owner as usize].youngest, slot);
        let order = &mut orders[slot];
        order.owner = owner;
        order.owner_next = NONE;
        order.owner_prev = youngest;
        if youngest == NONE {
            self.slots[owner as usize].oldest = slot;
        } else {
            orders[youngest].owner_next = slot;
        }
    }

    /// Takes an order out of its session's list.
    #[inline]
    pub fn unlink(&mut self, orders: &mut Orders, slot: u32) {
        let order = &orders[slot];
        let (owner, next, prev) = (order.owner, order.owner_next, order.owner_prev);
        if !self.marks.is_empty() {
            self.move_marks(slot, next);
        }
        if next == NONE {
            self.slots[owner as usize].youngest = prev;
        } else {
            orders[next].owner_prev = prev;
        }
        if prev == NONE {
            self.slots[owner as usize].oldest = next;
        } else {
            orders[prev].owner_next = next;
        }
        if next == prev && next == NONE {
            self.forget(owner);
        }
    }

    /// Keeps a place in a list: the order at `slot`, or whatever follows it there when it has gone. Returns the mark.
    pub fn mark(&mut self, slot: u32) -> usize {
        let at = self.marks.iter().position(|&mark| mark == UNUSED).unwrap_or(self.marks.len());
        if at == self.marks.len() {
            self.marks.push(slot);
        } else {
            self.marks[at] = slot;
        }
        at
    }

    /// The slot that a mark has come to, or none at the end of the list.
    pub fn marked(&self, mark: usize) -> u32 {
        self.marks[mark]
    }

    /// The slot that a mark has come to, or none at the end of the list; the mark is free then.
    pub fn unmark(&mut self, mark: usize) -> u32 {
        let slot = std::mem::replace(&mut self.marks[mark], UNUSED);
        while self.marks.last() == Some(&UNUSED) {
            self.marks.pop();
        }
        slot
    }

    #[cold]
    fn move_marks(&mut self, slot: u32, next: u32) {
        for mark in self.marks.iter_mut().filter(|mark| **mark == slot) {
            *mark = next;
        }
    }

    #[inline]
    fn find(&self, session: u32) -> Option<u32> {
        if self.recent != NONE && self.slots[self.recent as usize].session == session {
            return Some(self.recent);
        }
        self.by_session.find(hash_of(0, session, 0), |owner| self.slots[owner as usize].session == session)
    }

    #[inline]
    fn find_or_add(&mut self, session: u32) -> u32 {
        let owner = self.find(session).unwrap_or_else(|| self.add(session));
        self.recent = owner;
        owner
    }

    fn add(&mut self, session: u32) -> u32 {
        let owner = Owner { session, oldest: NONE, youngest: NONE };
        let slot = self.free;
        let slot = if slot == NONE {
            self.slots.push(owner);
            (self.slots.len() - 1) as u32
        } else {
            self.free = self.slots[slot as usize].youngest;
            self.slots[slot as usize] = owner;
            slot
        };
        let hash = |owner: &Owner| hash_of(0, owner.session, 0);
        self.by_session.insert(hash(&owner), slot, |slot| &self.slots[slot as usize], hash);
        slot
    }

    fn forget(&mut self, owner: u32) {
        self.by_session.remove(hash_of(0, self.slots[owner as usize].session, 0), owner);
        self.slots[owner as usize].youngest = self.free;
        self.free = owner;
        self.recent = NONE;
    }
}

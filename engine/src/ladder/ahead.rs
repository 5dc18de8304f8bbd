//! What a coming command will read of the ladders: asked for, and looked up as far as it has come. Every number may be of something that
//! is not there any more.

use super::{Ladder, Ladders};
use crate::orders::NONE;
use prefetch::prefetch;

impl Ladders {
    /// Asks for a level, if there is one.
    #[inline]
    pub fn prefetch(&self, level: u32) {
        self.levels.get(level as usize).inspect(|level| prefetch(*level));
    }

    /// Asks for a ladder, whose opposite is in the same cache line.
    #[inline]
    pub fn prefetch_ladder(&self, ladder: u32) {
        prefetch(&self.ladders[ladder as usize]);
    }

    /// The first order of a level, if there is one, or none.
    #[inline]
    pub fn first(&self, level: u32) -> u32 {
        self.levels.get(level as usize).map_or(NONE, |level| level.head)
    }

    /// The last order of a level, if there is one, or none.
    #[inline]
    pub fn last(&self, level: u32) -> u32 {
        self.levels.get(level as usize).map_or(NONE, |level| level.tail)
    }

    /// Asks for the leaves of a ladder that were used last.
    #[inline]
    pub fn prefetch_leaves(&self, ladder: u32) {
        let Ladder { leaf, leaf_before, .. } = self.ladders[ladder as usize];
        [leaf, leaf_before].iter().for_each(|&leaf| self.nodes.prefetch(leaf));
    }

    /// The leaf of a key if it is one of those that were used last, or none.
    #[inline]
    pub fn recent_leaf(&self, ladder: u32, key: u64) -> u32 {
        let Ladder { leaf, leaf_before, .. } = self.ladders[ladder as usize];
        let is = |leaf| self.nodes.is_leaf_of(leaf, key);
        if is(leaf) {
            leaf
        } else if is(leaf_before) {
            leaf_before
        } else {
            NONE
        }
    }

    /// Asks for the link of a leaf, if there is one, for a key.
    #[inline]
    pub fn prefetch_link(&self, leaf: u32, key: u64) {
        self.nodes.prefetch_link(leaf, key);
    }

    /// The level of a key in its leaf, or none.
    #[inline]
    pub fn in_leaf(&self, leaf: u32, key: u64) -> u32 {
        if leaf == NONE { NONE } else { self.nodes.level(leaf, key).unwrap_or(NONE) }
    }
}

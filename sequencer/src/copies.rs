//! Who gets a copy of what which session is told (FIX calls it a drop copy). Replicated state of sessions.

use crate::limits::{COPIES_GIVEN_MAX, COPIES_TAKEN_MAX};
use engine::hash;
use std::collections::{BTreeMap, BTreeSet};

/// See the module.
#[derive(Default)]
pub struct Copies {
    /// By the session that is told something: who gets a copy of it.
    takers: BTreeMap<u32, BTreeSet<u32>>,
    /// By the session that gets copies: of whom.
    sources: BTreeMap<u32, Sources>,
}

#[derive(Default)]
struct Sources {
    sessions: BTreeSet<u32>,
    digest: u64,
}

impl Copies {
    /// Whether nobody gets any.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// Who gets a copy of what `source` is told.
    pub fn takers(&self, source: u32) -> impl Iterator<Item = u32> {
        self.takers.get(&source).into_iter().flatten().copied()
    }

    /// Of whom `taker` gets copies.
    pub fn sources(&self, taker: u32) -> impl Iterator<Item = u32> {
        self.sources.get(&taker).into_iter().flat_map(|sources| &sources.sessions).copied()
    }

    /// All as (who gets them, of whom), ascending.
    pub fn iter(&self) -> impl Iterator<Item = (u32, u32)> {
        self.sources.iter().flat_map(|(&taker, sources)| sources.sessions.iter().map(move |&source| (taker, source)))
    }

    /// Of all that `taker` gets copies of, whatever their order; 0 if that is nobody.
    pub fn digest(&self, taker: u32) -> u64 {
        self.sources.get(&taker).map_or(0, |sources| sources.digest)
    }

    /// From here on `taker` gets a copy of what `source` is told. False if there is no room for it.
    pub fn add(&mut self, taker: u32, source: u32) -> bool {
        let (takers, sources) = (self.takers.entry(source).or_default(), self.sources.entry(taker).or_default());
        let known = takers.contains(&taker);
        let has_room = takers.len() < COPIES_GIVEN_MAX && sources.sessions.len() < COPIES_TAKEN_MAX;
        if has_room && !known {
            takers.insert(taker);
            sources.sessions.insert(source);
            sources.digest ^= digest(source);
        }
        self.tidy(taker, source);
        known || has_room
    }

    /// No more.
    pub fn remove(&mut self, taker: u32, source: u32) {
        if let Some(sources) = self.sources.get_mut(&taker)
            && sources.sessions.remove(&source)
        {
            sources.digest ^= digest(source);
        }
        if let Some(takers) = self.takers.get_mut(&source) {
            takers.remove(&taker);
        }
        self.tidy(taker, source);
    }

    /// A session is over: it gets no copies, and nobody gets copies of it.
    pub fn forget(&mut self, session: u32) {
        for source in self.sources(session).collect::<Vec<_>>() {
            self.remove(session, source);
        }
        for taker in self.takers(session).collect::<Vec<_>>() {
            self.remove(taker, session);
        }
    }

    /// Leaves no empty entries: what is there is what was asked for.
    fn tidy(&mut self, taker: u32, source: u32) {
        if self.takers.get(&source).is_some_and(BTreeSet::is_empty) {
            self.takers.remove(&source);
        }
        if self.sources.get(&taker).is_some_and(|sources| sources.sessions.is_empty()) {
            self.sources.remove(&taker);
        }
    }
}

/// The ids are not 0, so no digest is.
fn digest(session: u32) -> u64 {
    hash::chain(u64::from(session), hash::SEED)
}

//! Snapshots that are being applied, piece by piece: one an instrument.

use crate::message::Place;
use crate::snapshot::SnapshotPiece;
use std::collections::BTreeMap;

/// One of them.
#[derive(Debug)]
pub struct Loading {
    source: u32,
    next_number: u64,
    pieces: u32,
    next_piece: u32,
    /// Another stream has begun one of the same instrument since the last piece.
    is_late: bool,
    /// Of the message that was applied last.
    pub place: Place,
}

impl Loading {
    /// Nothing of it was applied yet.
    fn new(source: u32, piece: &SnapshotPiece) -> Self {
        let SnapshotPiece { next_number, pieces, .. } = *piece;
        Self { source, next_number, pieces, next_piece: 0, is_late: false, place: Place::default() }
    }

    /// Whether this is the piece that comes next.
    fn takes(&mut self, source: u32, piece: &SnapshotPiece) -> bool {
        let same = self.source == source
            && self.next_number == piece.next_number
            && self.pieces == piece.pieces
            && self.next_piece == piece.piece;
        if same {
            self.next_piece += 1;
            self.is_late = false;
        }
        same
    }
}

/// All of them, by instrument.
#[derive(Debug, Default)]
pub struct Loadings(BTreeMap<u32, Loading>);

impl Loadings {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Begins one, in the place of the one that its instrument has. False if that goes on, and stays: one of the same
    /// stream does not go on, and one that has not since another stream last began may have lost a piece.
    pub fn begin(&mut self, source: u32, piece: &SnapshotPiece) -> bool {
        let had = self.0.get_mut(&piece.instrument);
        let begins = had.is_none_or(|had| had.source == source || std::mem::replace(&mut had.is_late, true));
        if begins {
            self.0.insert(piece.instrument, Loading::new(source, piece));
        }
        begins
    }

    /// Whether this is the piece that comes next of one of them.
    pub fn takes(&mut self, source: u32, piece: &SnapshotPiece) -> bool {
        self.0.get_mut(&piece.instrument).is_some_and(|loading| loading.takes(source, piece))
    }

    /// Notes the message that was applied last.
    pub fn note(&mut self, instrument: u32, place: Place) {
        self.0.get_mut(&instrument).expect("it is being loaded").place = place;
    }

    /// Ends the one of an instrument, whole or not.
    pub fn end(&mut self, instrument: u32) -> Option<Loading> {
        self.0.remove(&instrument)
    }
}

//! A snapshot that is being applied, piece by piece.

use crate::message::Place;
use crate::snapshot::SnapshotPiece;

/// See the module.
#[derive(Debug)]
pub struct Loading {
    source: u32,
    instrument: u32,
    next_number: u64,
    pieces: u32,
    next_piece: u32,
    /// Of the message that was applied last.
    pub place: Place,
}

impl Loading {
    /// Nothing of it was applied yet.
    pub fn new(source: u32, piece: &SnapshotPiece) -> Self {
        let SnapshotPiece { instrument, next_number, pieces, .. } = *piece;
        Self { source, instrument, next_number, pieces, next_piece: 0, place: Place::default() }
    }

    /// Whether a snapshot that begins now takes its place: one of the same stream, where the rest of it was lost, or a
    /// newer one.
    pub fn is_older_than(&self, source: u32, piece: &SnapshotPiece) -> bool {
        self.source == source || self.next_number < piece.next_number
    }

    /// Whether this is the piece that comes next.
    pub fn takes(&mut self, source: u32, piece: &SnapshotPiece) -> bool {
        let same = self.source == source
            && self.instrument == piece.instrument
            && self.next_number == piece.next_number
            && self.pieces == piece.pieces
            && self.next_piece == piece.piece;
        self.next_piece += u32::from(same);
        same
    }
}

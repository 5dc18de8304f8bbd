//! A receiver: packets in, of which some may be missing, late or twice; books, and what changed in them, out.
//!
//! Numbers tell what is missing. Until it comes, what lies beyond waits ([`Receiver::gap`]); whoever conducts this asks
//! for it again, or gives it up ([`Receiver::skip_gap`]). Then no book can be trusted, and each instrument waits for a
//! snapshot: packets are kept from there on, so that a snapshot which is older than the stream is brought up to it.

use crate::book::{Book, Wrong};
use crate::decode::decode;
use crate::keeping::{Ahead, History};
use crate::loading::Loadings;
use crate::message::{END_OF_EVENT, Message, Place};
use crate::packet::Packet;
use crate::snapshot::SnapshotPiece;
use crate::update::Update;
use std::collections::BTreeMap;

/// Numbers that are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The first.
    pub from_number: u64,
    /// How many, as far as is known.
    pub count: u64,
}

/// How often what happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Counts {
    /// Public messages applied to a book that is current.
    pub applied: u64,
    /// Gaps that were noticed.
    pub gaps: u64,
    /// Gaps that were given up.
    pub skipped: u64,
    /// Snapshots that made an instrument anew.
    pub snapshots: u64,
    /// Bytes that are no packet of ours, or hold something else than they say.
    pub malformed: u64,
    /// Packets of another feed.
    pub foreign: u64,
    /// Messages that did not fit the book.
    pub wrong: u64,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Receiver {
    feed: Option<u64>,
    book: Book,
    /// The number of the message that comes next; 0 before anything was heard.
    next: u64,
    /// One more than the highest number that was heard of.
    end: u64,
    /// How many instruments were listed before `next`.
    listed: u32,
    /// How many were listed before `end`.
    listed_by_end: u32,
    /// By instrument whose book can be trusted: from which number on it takes messages.
    valid: BTreeMap<u32, u64>,
    /// The highest of these numbers: a snapshot may be ahead of the stream.
    valid_from: u64,
    ahead: Ahead,
    history: History,
    loadings: Loadings,
    place: Place,
    updates: Vec<Update>,
    counts: Counts,
    /// Room for the messages of one packet.
    decoded: Vec<(Place, Message)>,
    /// What lies behind a gap that was closed waits for [`Receiver::step`].
    in_steps: bool,
}

impl Receiver {
    /// The books; those of instruments that are not current show what they showed last.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// The number of the message that comes next; 0 before anything was heard.
    pub fn next_number(&self) -> u64 {
        self.next
    }

    /// The place of the message that was applied last.
    pub fn place(&self) -> Place {
        self.place
    }

    /// How often what happened.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How many instruments there are, as far as was heard.
    pub fn listed(&self) -> u32 {
        self.listed
    }

    /// Whether an instrument's book is that of the venue after the message before [`Receiver::next_number`].
    pub fn is_current(&self, instrument: u32) -> bool {
        self.valid.get(&instrument).is_some_and(|&from| from <= self.next)
    }

    /// Whether every book is that of the venue after the message before [`Receiver::next_number`]; more may be known to
    /// be missing behind it.
    pub fn is_exact(&self) -> bool {
        self.next > 0 && self.valid.len() == self.listed as usize && self.valid_from <= self.next
    }

    /// Whether every instrument is current, and nothing is missing.
    pub fn is_all_current(&self) -> bool {
        self.is_exact() && self.gap().is_none()
    }

    /// What is missing before anything else can be applied.
    pub fn gap(&self) -> Option<Gap> {
        self.gaps().next()
    }

    /// All that is missing, as far as is known.
    pub fn gaps(&self) -> impl Iterator<Item = Gap> + '_ {
        let begins = std::iter::once(self.next).chain(self.ahead.next_numbers());
        let ends = self.ahead.first_numbers().chain(std::iter::once(self.end));
        let between = begins.zip(ends).filter(|(from, until)| *from > 0 && until > from);
        between.map(|(from, until)| Gap { from_number: from, count: until - from })
    }

    /// Gives up what is missing, up to where nothing more is: every instrument waits for a snapshot.
    pub fn skip_gap(&mut self) {
        if self.gap().is_some() {
            self.counts.skipped += 1;
            self.next = self.ahead.keep_last_run(self.end);
            if self.next == self.end {
                self.listed = self.listed.max(self.listed_by_end); // else the packet that comes next says it
            }
            self.valid.clear();
            self.valid_from = 0;
            self.history.begin(self.next);
            self.take_ahead();
        }
    }

    /// From here on, packets behind a gap that was closed are applied one by one, for those who look at every book.
    pub fn go_in_steps(&mut self) {
        self.in_steps = true;
    }

    /// Applies the next packet that was kept, if nothing is missing before it.
    pub fn step(&mut self) -> bool {
        let kept = self.ahead.take(self.next);
        if let Some(kept) = &kept {
            let messages: Vec<_> = messages_of(kept.packet().body).collect();
            self.apply_packet(&kept.packet(), &messages);
        }
        kept.is_some()
    }

    /// What was applied and not dropped since.
    pub fn updates(&self) -> &[Update] {
        &self.updates
    }

    /// Forgets the first so many of them.
    pub fn drop_updates(&mut self, count: usize) {
        self.updates.drain(..count);
    }

    /// Takes what was received: a packet, or a piece of a snapshot. `source` tells streams of snapshots apart.
    pub fn take(&mut self, source: u32, bytes: &[u8]) {
        if let Some(packet) = Packet::read(bytes) {
            if self.is_ours(packet.feed) {
                self.take_packet(&packet);
            }
        } else if let Some(piece) = SnapshotPiece::read(bytes) {
            if self.is_ours(piece.feed) {
                self.take_piece(source, &piece);
            }
        } else {
            self.counts.malformed += 1;
        }
    }

    /// The feed that was heard first is followed; unless no book was made of it before another one speaks: then what
    /// was heard were the last words of a venue that is gone.
    fn is_ours(&mut self, feed: u64) -> bool {
        if self.feed != Some(feed) && self.counts.applied == 0 && self.counts.snapshots == 0 {
            *self = Self { feed: Some(feed), counts: self.counts, in_steps: self.in_steps, ..Self::default() };
        }
        let ours = self.feed == Some(feed);
        self.counts.foreign += u64::from(!ours);
        ours
    }

    fn take_packet(&mut self, packet: &Packet) {
        let mut messages = std::mem::take(&mut self.decoded);
        if packet.first_number > 0 && decode_all(packet.count, packet.body, &mut messages) {
            self.take_decoded(packet, &messages);
        } else {
            self.counts.malformed += 1;
        }
        self.decoded = messages;
    }

    fn take_decoded(&mut self, packet: &Packet, messages: &[(Place, Message)]) {
        if self.next == 0 {
            self.next = packet.first_number;
            self.history.begin(self.next);
        }
        let had_gap = self.gap().is_some();
        self.note_end(packet, messages);
        if packet.first_number > self.next {
            self.wait_with(packet, messages);
        } else {
            self.apply_packet(packet, messages);
            if !self.in_steps {
                self.take_ahead();
            }
        }
        self.counts.gaps += u64::from(!had_gap && self.gap().is_some());
    }

    fn note_end(&mut self, packet: &Packet, messages: &[(Place, Message)]) {
        if packet.next_number() >= self.end {
            let listings = messages.iter().filter(|(_, message)| is_listing(message));
            self.end = packet.next_number();
            self.listed_by_end = packet.instruments.saturating_add(listings.count() as u32);
        }
    }

    fn wait_with(&mut self, packet: &Packet, messages: &[(Place, Message)]) {
        if packet.count > 0 && !self.ahead.keep(packet) {
            self.skip_gap();
            self.take_decoded(packet, messages);
        }
    }

    fn take_ahead(&mut self) {
        while self.step() {}
    }

    /// Applies what is new of a packet that begins with the next number or before.
    fn apply_packet(&mut self, packet: &Packet, messages: &[(Place, Message)]) {
        if packet.next_number() < self.next {
            return;
        }
        self.listed = self.listed.max(packet.instruments);
        if packet.next_number() == self.next {
            return;
        }
        let is_trusted = self.is_all_valid();
        let from = self.next;
        for (number, (place, message)) in (packet.first_number..).zip(messages) {
            if number >= from {
                self.next = number + 1;
                self.listed += u32::from(is_listing(message));
                self.apply(number, place, message);
            }
        }
        if is_trusted && self.is_all_valid() {
            self.history.begin(self.next);
        } else {
            self.history.keep(packet);
        }
    }

    fn is_all_valid(&self) -> bool {
        self.valid.len() == self.listed as usize && self.loadings.is_empty()
    }

    #[inline]
    fn apply(&mut self, number: u64, place: &Place, message: &Message) {
        self.place = *place;
        if is_listing(message) && !self.valid.contains_key(&place.instrument) {
            self.book.clear(place.instrument);
            self.trust(place.instrument, number);
        }
        if self.valid.get(&place.instrument).is_some_and(|&from| from <= number) {
            match self.book.apply(place, message) {
                Ok(()) => {
                    self.counts.applied += 1;
                    self.updates.push(Update::of(number, place, message));
                }
                Err(_) => self.distrust(place.instrument),
            }
        }
        if place.flags & END_OF_EVENT != 0 {
            self.book.settle(|_, _, _| {});
        }
    }

    fn trust(&mut self, instrument: u32, from: u64) {
        self.loadings.end(instrument);
        self.valid.insert(instrument, from);
        self.valid_from = self.valid_from.max(from);
    }

    /// Its book has taken messages, so it was not the one ahead of the stream.
    fn distrust(&mut self, instrument: u32) {
        self.counts.wrong += 1;
        self.valid.remove(&instrument);
    }

    fn take_piece(&mut self, source: u32, piece: &SnapshotPiece) {
        if self.valid.contains_key(&piece.instrument) || self.next == 0 {
            return; // nobody needs it
        }
        if !decode_all(piece.count, piece.body, &mut self.decoded) || piece.piece >= piece.pieces {
            self.counts.malformed += 1;
            return;
        }
        if piece.piece == 0 {
            self.begin_loading(source, piece);
        }
        if !self.loadings.takes(source, piece) {
            return;
        }
        if self.load(piece).is_err() {
            self.counts.wrong += 1;
            self.loadings.end(piece.instrument);
        } else if piece.piece + 1 == piece.pieces {
            self.finish_loading(piece);
        }
    }

    fn begin_loading(&mut self, source: u32, piece: &SnapshotPiece) {
        let can_be_brought_up = piece.next_number >= self.next || self.history.reaches(piece.next_number);
        if can_be_brought_up && self.loadings.begin(source, piece) {
            self.book.clear(piece.instrument);
        }
    }

    fn load(&mut self, piece: &SnapshotPiece) -> Result<(), Wrong> {
        for (place, message) in messages_of(piece.body) {
            if place.instrument != piece.instrument {
                return Err(Wrong::Instrument);
            }
            self.book.apply(&place, &message)?;
            self.loadings.note(piece.instrument, place);
        }
        Ok(())
    }

    /// The last piece was applied; what has come since the snapshot was taken follows.
    fn finish_loading(&mut self, piece: &SnapshotPiece) {
        let place = self.loadings.end(piece.instrument).expect("it is being loaded").place;
        self.book.settle(|_, _, _| {});
        let SnapshotPiece { instrument, next_number, .. } = *piece;
        if next_number < self.next && !self.history.reaches(next_number) {
            return; // what has come since was too much to keep
        }
        self.counts.snapshots += 1;
        self.trust(instrument, next_number);
        if next_number == self.next && place.seq > self.place.seq {
            // Nothing was applied of what it holds, and snapshots are taken between commands.
            self.place = Place { flags: END_OF_EVENT, ..place };
        }
        self.updates.push(Update::of_snapshot(next_number, &place));
        let history = std::mem::take(&mut self.history);
        let (here, until) = (self.place, self.next);
        for (number, place, message) in history.messages() {
            if place.instrument == instrument && (next_number..until).contains(&number) {
                self.apply(number, &place, &message);
            }
        }
        self.place = here;
        self.history = history;
    }
}

/// Each instrument is listed once, and the head of each packet counts those before it.
#[inline]
fn is_listing(message: &Message) -> bool {
    matches!(message, Message::InstrumentListed { .. })
}

/// Whether the messages fill their packet, and each can be read; `messages` are these.
fn decode_all(count: u16, body: &[u8], messages: &mut Vec<(Place, Message)>) -> bool {
    messages.clear();
    let mut read = 0;
    while let Some((place, message, length)) = decode(&body[read..]) {
        messages.push((place, message));
        read += length;
    }
    messages.len() == usize::from(count) && read == body.len()
}

/// The messages that lie behind each other in a packet that [`decode_all`] has found whole.
pub(crate) fn messages_of(body: &[u8]) -> impl Iterator<Item = (Place, Message)> + '_ {
    let mut rest = body;
    std::iter::from_fn(move || {
        let (place, message, length) = decode(rest)?;
        rest = &rest[length..];
        Some((place, message))
    })
}

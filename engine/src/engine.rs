//! The engine: one command at a time, each of its effects an event, each event in the hash.

use crate::book::Books;
use crate::command::{Command, Instrument, Side};
use crate::decode::{Refusal, decode};
use crate::event::{Event, RejectReason};
use crate::hash;
use crate::limits::ORDERS_MAX;
use crate::logic::{LOGIC_VERSION, LOGIC_VERSION_MIN, VENUE_CONTROLS};
use crate::orders::NONE;
use crate::prefetcher::{LOOKAHEAD, Prefetcher, Sought};
use crate::rows::CommandRow;
use crate::rules::{Busts, InstrumentRules, Phases, Risk, Schedule, Tasks, Trades};
use std::collections::TryReserveError;

/// With fewer live orders everything is in the cache anyway.
const FORESEEN_MIN: u32 = 8_192;

/// All books of a venue, what controls them, and the hash of what has happened in them. Each part is in a file of `rules`.
#[derive(Debug)]
pub struct Engine {
    pub(crate) books: Books,
    pub(crate) outcome_hash: u64,
    pub(crate) last_order_id: u64,
    pub(crate) orders_max: u32,
    pub(crate) logic_version: u32,
    pub(crate) time_ns: i64,
    pub(crate) tasks: Tasks,
    pub(crate) trades: Trades,
    pub(crate) busts: Busts,
    pub(crate) phases: Phases,
    pub(crate) schedule: Schedule,
    pub(crate) instrument_rules: InstrumentRules,
    pub(crate) risk: Risk,
    prefetcher: Prefetcher,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

/// Where the events of one command go: to the caller, and into the hash.
pub(crate) struct Outcome<'a> {
    pub(crate) events: &'a mut Vec<Event>,
    pub(crate) hash: &'a mut u64,
}

impl Outcome<'_> {
    #[inline(always)]
    pub(crate) fn emit(&mut self, event: Event) {
        *self.hash = hash::extend(*self.hash, &event);
        self.events.push(event);
    }
}

impl Engine {
    /// A venue without instruments.
    pub fn new() -> Self {
        Self::with_orders_max(ORDERS_MAX)
    }

    /// A venue that holds fewer live orders than [`ORDERS_MAX`].
    pub fn with_orders_max(orders_max: u32) -> Self {
        assert!(orders_max <= ORDERS_MAX, "the limits hold for at most ORDERS_MAX live orders");
        Self {
            books: Books::new(),
            outcome_hash: hash::SEED,
            last_order_id: 0,
            orders_max,
            logic_version: LOGIC_VERSION,
            time_ns: 0,
            tasks: Tasks::default(),
            trades: Trades::default(),
            busts: Busts::default(),
            phases: Phases::default(),
            schedule: Schedule::default(),
            instrument_rules: InstrumentRules::default(),
            risk: Risk::default(),
            prefetcher: Prefetcher::default(),
        }
    }

    /// Takes the memory for so many more orders, and for the trades that can be voided, now: later a command would wait for it.
    /// The index is not among it; one that is larger than its orders need is slow, for it is all over the cache.
    /// An error if there is not so much.
    pub fn make_room(&mut self, orders: u32) -> Result<(), TryReserveError> {
        self.books.orders.take_room(orders as usize)?;
        self.busts.take_room()
    }

    /// Whether client ids are hashed with a secret.
    pub fn is_scattered(&self) -> bool {
        self.books.is_scattered()
    }

    /// Hashes client ids with a secret from here on, so that nobody can choose ids that collide. It decides nothing that is told or saved.
    pub fn scatter(&mut self, secret: u64) {
        self.books.scatter(secret);
    }

    /// The rules that it follows; the newest, unless it was told otherwise.
    pub fn logic_version(&self) -> u32 {
        self.logic_version
    }

    /// Follows other rules from here on. False, and nothing changes, if it does not know them.
    pub fn set_logic_version(&mut self, version: u32) -> bool {
        let known = (LOGIC_VERSION_MIN..=LOGIC_VERSION).contains(&version);
        if known {
            self.logic_version = version;
        }
        known
    }

    /// The hash over all events so far; see [`crate::hash`].
    pub fn outcome_hash(&self) -> u64 {
        self.outcome_hash
    }

    /// How many orders are in the books.
    pub fn live_orders(&self) -> u64 {
        u64::from(self.books.orders.live())
    }

    /// Whether the session has an order in a book.
    pub fn has_orders(&self, session: u32) -> bool {
        self.books.oldest_of(session) != NONE
    }

    /// The id of the order accepted last, which is how many have been accepted.
    pub fn last_order_id(&self) -> u64 {
        self.last_order_id
    }

    /// The best `depth` levels of one side: price in ticks, quantity in lots, number of orders. Nothing for an
    /// unknown instrument.
    pub fn levels(&self, instrument: u32, side: Side, depth: usize) -> impl Iterator<Item = (i64, i64, u32)> + '_ {
        self.books.levels(instrument, side).take(depth)
    }

    /// The terms of an instrument, if it is defined.
    pub fn instrument(&self, id: u32) -> Option<&Instrument> {
        self.books.find(id).map(|book| self.books.terms(book))
    }

    /// Executes `body`, an SBE command with its header, padding allowed, for `session` and appends what happened to
    /// `events`. Any bytes give events; those that are no command give one reject.
    pub fn execute(&mut self, session: u32, body: &[u8], events: &mut Vec<Event>) {
        match decode(body, self.logic_version) {
            Ok(command) => self.apply(session, &command, events),
            Err(refusal) => self.outcome(events).emit(Event::Rejected(refusal.rejected(session))),
        }
    }

    /// Rejects `body` instead of executing it, which has failed before: only the template is read, nothing is decoded.
    pub fn skip(&mut self, session: u32, body: &[u8], events: &mut Vec<Event>) {
        let template = body.get(2..4).map_or(0, |id| u16::from_le_bytes([id[0], id[1]]));
        self.refuse(session, &Refusal { template, cl_ord_id: 0, reason: RejectReason::Skipped }, events);
    }

    /// Rejects `body` instead of executing it: its session is not allowed to send it.
    #[cold]
    pub fn deny(&mut self, session: u32, body: &[u8], events: &mut Vec<Event>) {
        let refusal = match decode(body, self.logic_version) {
            Ok(command) => Refusal::of(&command, RejectReason::NotAllowed),
            Err(refusal) => refusal,
        };
        self.refuse(session, &refusal, events);
    }

    /// Whether its books are too large for the cache, so that [`Engine::foresee`] is worth its time.
    #[inline]
    pub fn foresees(&self) -> bool {
        self.books.orders.live() >= FORESEEN_MIN
    }

    /// What `body` will look for when `session` sends it, if it is a command that looks for an order.
    #[inline]
    pub fn sought(&self, session: u32, body: &[u8]) -> Option<Sought> {
        decode(body, self.logic_version).ok()?.sought(session)
    }

    /// Names what a coming command seeks, best [`LOOKAHEAD`] commands ahead and one for each that is executed, none at the end: it is
    /// brought into the cache meanwhile. Changes nothing that can be told.
    #[inline]
    pub fn foresee(&mut self, sought: Option<Sought>) {
        self.prefetcher.name(&self.books, sought);
    }

    /// Executes `command` for `session` and appends what happened to `events`.
    #[inline]
    pub fn apply(&mut self, session: u32, command: &Command, events: &mut Vec<Event>) {
        let done = match command {
            Command::New(order) => self.new_order(session, order, events),
            Command::Cancel(cancel) => self.cancel(session, cancel, events),
            Command::Reduce(reduce) => self.reduce(session, reduce, events),
            Command::Replace(replace) => self.replace(session, replace, events),
            Command::MassCancel(cancel) => self.mass_cancel(session, cancel, events),
            Command::DefineInstrument(terms) => self.define_instrument(session, terms, events),
            later if self.logic_version < VENUE_CONTROLS => {
                return self.refuse(session, &Refusal::unknown(later.template()), events);
            }
            later => self.apply_later(session, later, events),
        };
        if let Err(reason) = done {
            self.refuse(session, &Refusal::of(command, reason), events);
        }
        self.end_frame(events);
    }

    /// Executes rows in order, each as [`Engine::apply`] does its command, but waits less for memory when the books are
    /// large. `told` gets what happened, by the command's place in the array; `events` is room to work in.
    pub fn apply_rows(
        &mut self,
        commands: &[CommandRow],
        events: &mut Vec<Event>,
        mut told: impl FnMut(usize, &[Event]),
    ) {
        for (place, row) in commands.iter().enumerate() {
            if self.foresees() {
                self.foresee_rows(commands, place);
            }
            events.clear();
            match row.command() {
                Ok(command) => self.apply(row.session, &command, events),
                Err(refusal) => self.refuse(row.session, &refusal, events),
            }
            told(place, events);
        }
    }

    /// Names the row that comes [`LOOKAHEAD`] rows after the one at `place`, and with the first all in between. Not inlined: as part of
    /// the loop it made the slowest operations in small books, where nobody calls it, a fifth slower.
    #[inline(never)]
    fn foresee_rows(&mut self, commands: &[CommandRow], place: usize) {
        if place == 0 {
            commands.iter().take(LOOKAHEAD).for_each(|row| self.foresee(Some(row.sought())));
        }
        self.foresee(commands.get(place + LOOKAHEAD).map(CommandRow::sought));
    }

    /// Tells what became of a command that is not the engine's to execute, as if the engine had.
    #[cold]
    pub fn tell(&mut self, event: Event, events: &mut Vec<Event>) {
        self.outcome(events).emit(event);
    }

    fn refuse(&mut self, session: u32, refusal: &Refusal, events: &mut Vec<Event>) {
        self.outcome(events).emit(Event::Rejected(refusal.rejected(session)));
    }

    #[inline]
    pub(crate) fn outcome<'a>(&'a mut self, events: &'a mut Vec<Event>) -> Outcome<'a> {
        Outcome { events, hash: &mut self.outcome_hash }
    }
}

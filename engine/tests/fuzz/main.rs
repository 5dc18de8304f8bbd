//! Whatever comes, the engine does what it promises: spoiled commands and arbitrary bytes between good commands, ticks and ends
//! of logons; and the bytes of its snapshots, spoiled too.
//!
//! `SERIATIM_FUZZ_SESSIONS` random sessions, 24 if it does not say, from the seed `SERIATIM_FUZZ_SEED` or 0 on.

mod bodies;
#[path = "../common/mod.rs"]
mod common;
mod foresight;
mod ledger;
mod promises;
mod spoiling;

use bodies::body;
use common::{Random, Step, seal, sections, steps, take};
use engine::command::*;
use engine::event::{Event, RejectReason};
use engine::limits::{EVENT_BODY_BYTES_MAX, ORDERS_MAX};
use engine::rows::EventRow;
use engine::{Engine, LOGIC_VERSION, Recipient, decode, encode, hash};
use ledger::Ledger;

const STEPS: usize = 300;
const RISK_SECTION: usize = 4;
/// Of the outcome hash in the first section.
const HASH: std::ops::Range<usize> = 16..24;

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a whole number"))
}

/// Tells the seed of a session that fails.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("again: SERIATIM_FUZZ_SEED={} SERIATIM_FUZZ_SESSIONS=1", self.0);
        }
    }
}

/// An engine, and what its events say.
struct Judged {
    engine: Engine,
    ledger: Ledger,
}

impl Judged {
    fn new(orders_max: u32, logic_version: u32) -> Self {
        let mut engine = Engine::with_orders_max(orders_max);
        assert!(engine.set_logic_version(logic_version));
        Self { engine, ledger: Ledger::default() }
    }

    /// Does something, and judges what is told of it, whatever it was.
    fn watch(&mut self, act: impl FnOnce(&mut Engine, &mut Vec<Event>)) -> Vec<Event> {
        let (mut events, mut outcome) = (Vec::new(), self.engine.outcome_hash());
        act(&mut self.engine, &mut events);
        for event in &events {
            outcome = hash::extend(outcome, event);
            self.ledger.take(event);
            let mut bytes = [0; EVENT_BODY_BYTES_MAX];
            let length = encode(event, Recipient::Owner, &mut bytes);
            assert!(EventRow::from_body(&bytes[..length]).is_some(), "{event:?} can be read");
        }
        assert_eq!(self.engine.outcome_hash(), outcome);
        assert_eq!(self.engine.live_orders(), self.ledger.live_orders());
        events
    }

    /// Has any bytes executed, and judges what is told of them.
    fn execute(&mut self, session: u32, bytes: &[u8]) {
        let before = self.engine.snapshot();
        let events = self.watch(|engine, events| engine.execute(session, bytes, events));
        match decode(bytes, self.engine.logic_version()) {
            Ok(command) => assert!(promises::are_kept(session, &command, &events), "{command:?}: {events:?}"),
            Err(refusal) => assert_eq!(events, [Event::Rejected(refusal.rejected(session))]),
        }
        if let [Event::Rejected(rejected)] = events[..] {
            assert_unchanged(&before, &self.engine.snapshot(), rejected.reason);
        }
    }

    /// Has any bytes rejected unread.
    fn refuse(&mut self, session: u32, bytes: &[u8]) {
        let before = self.engine.snapshot();
        let skipped = self.watch(|engine, events| engine.skip(session, bytes, events));
        assert!(matches!(skipped[..], [Event::Rejected(rejected)] if rejected.reason == RejectReason::Skipped));
        let denied = self.watch(|engine, events| engine.deny(session, bytes, events));
        assert!(matches!(denied[..], [Event::Rejected(_)]));
        assert_unchanged(&before, &self.engine.snapshot(), RejectReason::Skipped);
    }

    /// Goes on as whoever loads its snapshot.
    fn reload(&mut self) {
        let saved = self.engine.snapshot();
        self.engine = Engine::load(&saved).expect("what was saved can be loaded");
        assert!(self.engine.snapshot() == saved);
    }

    /// Finishes all work and cancels all orders of the sessions.
    fn end(&mut self) {
        for session in 1..=4 {
            let all = MassCancel { instrument: None, side: OptionalSide::Both, account: None };
            self.execute(session, &body(&Command::MassCancel(all)));
        }
        let mut ticks = 0;
        while self.engine.next_due() == Some(i64::MIN) {
            self.watch(|engine, events| engine.tick(events));
            ticks += 1;
            assert!(ticks < 1_000, "work ends");
        }
        assert_eq!(self.engine.live_orders(), 0);
        self.reload();
    }
}

/// A refused command changes nothing but the hash and, if limits have looked at it, how many messages they have counted.
fn assert_unchanged(before: &[u8], after: &[u8], reason: RejectReason) {
    use RejectReason::*;
    let counted = matches!(
        reason,
        RateExceeded
            | QuantityAboveMaximum
            | ValueAboveMaximum
            | TooManyOpenOrders
            | PositionAboveMaximum
            | BookFull
            | WouldTrade
            | Killed
    );
    let (was, is) = (sections(before), sections(after));
    for (place, (was, is)) in was.into_iter().zip(is).enumerate() {
        let (mut was, mut is) = (before[was].to_vec(), after[is].to_vec());
        if place == 0 {
            was[HASH].fill(0);
            is[HASH].fill(0);
        }
        assert!(was == is || place == RISK_SECTION && counted, "section {place} has changed after {reason:?}");
    }
}

/// Snapshots of which something is not what was written, with checksums that are right: an error, or a state that saves as it was
/// loaded and goes on.
fn forge(random: &mut Random, saved: &[u8], next: &[Step]) {
    for _ in 0..6 {
        let mut bytes = saved.to_vec();
        let filled: Vec<_> = sections(saved).into_iter().filter(|section| !section.is_empty()).collect();
        for _ in 0..=random.below(2) {
            let section = filled[random.below(filled.len() as u64) as usize].clone();
            let value = {
                let width = random.one(&[1, 4, 8]);
                spoiling::edge(random, width)
            };
            let at = section.start + random.below(section.len() as u64) as usize;
            let end = (at + value.len()).min(section.end);
            bytes[at..end].copy_from_slice(&value[..end - at]);
        }
        seal(&mut bytes);
        if let Ok(mut loaded) = Engine::load(&bytes) {
            assert!(loaded.snapshot() == bytes);
            next.iter().for_each(|step| take(&mut loaded, step, &mut Vec::new()));
        }
        let cut = random.below(saved.len() as u64) as usize;
        assert!(Engine::load(&saved[..cut]).is_err());
    }
}

/// The first command of each kind, so that those that are rare come as often as others.
fn one_of_each(steps: &[Step]) -> Vec<(u32, Command)> {
    let mut kinds: Vec<(u32, Command)> = Vec::new();
    for step in steps {
        if let Step::Command(session, command) = step
            && kinds.iter().all(|(_, known)| known.template() != command.template())
        {
            kinds.push((*session, *command));
        }
    }
    kinds
}

fn fuzz(seed: u64) {
    let _told = Seed(seed);
    let mut random = Random::new(!seed);
    let logic_version = random.one(&[LOGIC_VERSION, LOGIC_VERSION, LOGIC_VERSION, 3, 2, 1]);
    let mut judged = Judged::new(random.one(&[ORDERS_MAX, ORDERS_MAX, 30]), logic_version);
    let steps = steps(seed, STEPS);
    let kinds = one_of_each(&steps);
    for (place, step) in steps.iter().enumerate() {
        if random.below(2) == 0 {
            let (session, command) = random.one(&kinds);
            let mut bytes = body(&command);
            spoiling::spoil(&mut random, &mut bytes);
            judged.execute(session, &bytes);
        }
        match step {
            Step::Command(session, command) => {
                let mut bytes = body(command);
                assert_eq!(decode(&bytes, LOGIC_VERSION), Ok(*command));
                if random.below(3) == 0 {
                    spoiling::spoil(&mut random, &mut bytes);
                }
                judged.execute(*session, &bytes);
                if random.below(50) == 0 {
                    judged.refuse(*session, &bytes);
                }
            }
            other => drop(judged.watch(|engine, events| take(engine, other, events))),
        }
        if random.below(40) == 0 {
            judged.reload();
            let next = &steps[place + 1..steps.len().min(place + 20)];
            forge(&mut random, &judged.engine.snapshot(), next);
        }
    }
    judged.end();
}

#[test]
fn whatever_comes_is_answered_as_promised() {
    let first = setting("SERIATIM_FUZZ_SEED", 0);
    for seed in first..first + setting("SERIATIM_FUZZ_SESSIONS", 24) {
        fuzz(seed);
    }
}

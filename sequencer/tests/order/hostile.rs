//! A client that shares memory with the node and writes to a command while it is taken in.

use crate::venue::{CONNECTION, Venue, command};
use messages::durability::Durability::Fsync;
use sequencer::block::SealedBlock;
use sequencer::frame::COMMAND_HEADER_BYTES;
use sequencer::intake::Verdict;
use sequencer::limits::COMMAND_BODY_BYTES_MAX;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering::Relaxed};
use std::thread;

const STAMPED_WANTED: u64 = 500;

/// Memory that two may write, as a term buffer is.
struct Shared(Vec<AtomicU8>);

impl Shared {
    fn write(&self, bytes: &[u8]) {
        self.0.iter().zip(bytes).for_each(|(to, from)| to.store(*from, Relaxed));
    }

    fn bytes(&self) -> &[u8] {
        // SAFETY: the bytes are there. That they change meanwhile is what this test is about.
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().cast(), self.0.len()) }
    }
}

fn flip_until(done: &AtomicBool, place: &AtomicU8) {
    while !done.load(Relaxed) {
        place.fetch_xor(1, Relaxed);
        std::hint::spin_loop();
    }
}

#[test]
fn what_is_stamped_is_what_was_judged_however_the_sender_changes_it_meanwhile() {
    let body = vec![0; COMMAND_BODY_BYTES_MAX];
    let shared = Shared((0..COMMAND_HEADER_BYTES + body.len()).map(|_| AtomicU8::new(0)).collect());
    let done = AtomicBool::new(false);
    let mut venue = Venue::new(Fsync);
    let logon = venue.log_on();
    thread::scope(|scope| {
        scope.spawn(|| flip_until(&done, &shared.0[COMMAND_HEADER_BYTES]));
        for number in 1..=STAMPED_WANTED {
            shared.write(&command(logon, number, &body));
            let stamped = || venue.sequencer.on_command(CONNECTION, shared.bytes()).map(|judged| judged.verdict);
            std::iter::repeat_with(stamped).find(|verdict| *verdict == Ok(Verdict::Stamp));
            venue.commit();
            venue.execute();
        }
        done.store(true, Relaxed);
    });
    let commands = venue.log.iter().flat_map(|block| SealedBlock::read(block).expect("a block").frames());
    let damaged = commands.map(|frame| frame.expect("a frame").command).filter(|it| crc32c::crc32c(it.body) != it.crc);
    assert_eq!(damaged.count(), 0);
}

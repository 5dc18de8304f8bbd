//! What somebody who leads clients of a world does with them, and sees.

use super::World;
use crate::client::Client;
use crate::random::Random;
use crate::report::Count;
use sequencer::replica::LogPosition;
use sequencer::users::User;

impl World {
    /// A client that the caller leads. Returns its place.
    pub fn add_client(&mut self) -> usize {
        let random = Random::new(self.random.next_u64());
        self.clients.push(Client::new(random, User::default(), None));
        self.clients.len() - 1
    }

    /// That client.
    pub fn client(&mut self, place: usize) -> &mut Client {
        &mut self.clients[place]
    }

    /// That client sends a command, if it is logged on and its window has room. Returns the number.
    pub fn send(&mut self, place: usize, body: &[u8]) -> Option<u64> {
        let number = self.clients[place].send(body, &mut self.judge)?;
        self.report.count(Count::Commands);
        Some(number)
    }

    /// That client closes its connection and forgets what has no answer, so that other commands may get those numbers.
    pub fn close_client(&mut self, place: usize) {
        if let Some(session) = self.clients[place].session() {
            self.judge.forgotten(session);
        }
        self.clients[place].close(self.now_ns, &mut self.network);
    }

    /// Where the committed log ends.
    pub fn log(&self) -> LogPosition {
        LogPosition { index: self.disk.log().len() as u64, hash: self.judge.last_header() }
    }
}

//! One node: the production cores, joined as the agent of a real node joins them, over a simulated network and disk.

use crate::disk::Disk;
use crate::judge::Judge;
use crate::network::{Network, Upward};
use crate::outbound::Outbound;
use crate::random::Random;
use crate::report::{Count, Report};
use engine::event::Event;
use messages::durability::Durability;
use messages::refusal_reason::RefusalReason;
use sequencer::block::BlockError;
use sequencer::copies::Copies;
use sequencer::egress::Egress;
use sequencer::frame::{SequencedFrame, aligned};
use sequencer::intake::{Claim, ConnectionId, Verdict};
use sequencer::limits::RELAXED_COMMIT_DELAY_NS;
use sequencer::refusal::Refusal;
use sequencer::replica::{Applied, Replica};
use sequencer::sequencer::{Config, Judged, Sequencer};
use std::collections::BTreeSet;

const TICK_INTERVAL_NS: i64 = 10_000_000;
/// Longer than a client is away, so that those that nobody comes back to expire.
const SESSION_EXPIRY_NS: i64 = 60_000_000;
const HEARTBEAT_INTERVAL_NS: i64 = 20_000_000;
const MESSAGES_PER_TURN: usize = 4;
const FRAMES_PER_TURN: usize = 64;
const COMMIT_NS: (i64, i64) = (100_000, 600_000);
const SLOWER: i64 = 100;

/// What a turn works on.
pub struct Surroundings<'a> {
    /// Time of network and disk.
    pub now_ns: i64,
    /// What the node takes for the time.
    pub clock_ns: i64,
    /// Connections.
    pub network: &'a mut Network,
    /// The journal.
    pub disk: &'a mut Disk,
    /// Who watches.
    pub judge: &'a mut Judge,
    /// Chance.
    pub random: &'a mut Random,
    /// Counts.
    pub report: &'a mut Report,
}

/// See the module.
pub struct Node {
    sequencer: Sequencer,
    egress: Egress<Outbound>,
    connections: BTreeSet<ConnectionId>,
    heartbeat_ns: i64,
    /// Since when something is stamped, the disk is free, and no block is given to it.
    unwritten_ns: Option<i64>,
}

impl Node {
    /// Recovers from the disk. An error is what a real node would refuse to start with.
    pub fn start(durability: Durability, around: &mut Surroundings) -> Result<Self, BlockError> {
        let mut replica = Replica::default();
        for block in around.disk.log() {
            replica.apply_block(block, |_, _, _| {})?;
        }
        around.judge.recovered(&replica);
        let config = Config {
            durability,
            tick_interval_ns: TICK_INTERVAL_NS,
            session_expiry_ns: SESSION_EXPIRY_NS,
            logic_version: engine::LOGIC_VERSION,
        };
        let sequencer = Sequencer::new(config, replica, around.clock_ns);
        let egress = Egress::new(Outbound::default(), durability);
        Ok(Self { sequencer, egress, connections: BTreeSet::new(), heartbeat_ns: around.now_ns, unwritten_ns: None })
    }

    /// The state of what has been executed.
    pub fn replica(&self) -> &Replica {
        self.sequencer.replica()
    }

    /// Whether everything taken in is on the disk and executed.
    pub fn is_settled(&self) -> bool {
        let positions = self.sequencer.positions();
        positions.executed == positions.stamped && positions.persisted == positions.stamped
    }

    /// Whether something is unfinished or due that ticks will go on with.
    pub fn has_work(&self) -> bool {
        self.sequencer.is_work_due()
    }

    /// Takes nothing more in.
    pub fn drain(&mut self) {
        self.sequencer.drain();
    }

    /// One turn of the loop.
    pub fn turn(&mut self, take_in: bool, around: &mut Surroundings) {
        if let Err(jump) = self.sequencer.advance_time(around.clock_ns) {
            around.judge.object(|| format!("time went from {} to {}", jump.from_ns, jump.to_ns));
        }
        self.hear_of_commit(around);
        if take_in {
            self.sequencer.stop_intake(around.disk.is_full(around.now_ns));
            self.take_in(around);
        }
        self.write(around);
        self.execute(around);
        if take_in {
            self.part(around);
        }
        if around.now_ns >= self.heartbeat_ns {
            self.heartbeat_ns = around.now_ns + HEARTBEAT_INTERVAL_NS;
            self.egress.heartbeat(around.now_ns, self.sequencer.positions().released);
        }
        self.tell(around);
    }

    fn hear_of_commit(&mut self, around: &mut Surroundings) {
        let Some(block) = around.disk.returned(around.now_ns) else { return };
        around.judge.committed(block, around.report);
        let index = around.disk.log().len() as u64;
        self.sequencer.persisted(index);
    }

    fn take_in(&mut self, around: &mut Surroundings) {
        for id in around.network.ids() {
            if self.connections.insert(id) {
                self.egress.connections.open(id);
            }
            for _ in 0..MESSAGES_PER_TURN {
                if !self.sequencer.has_room(crate::client::MESSAGE_BYTES_MAX) {
                    return;
                }
                let Some(connection) = around.network.get_mut(id) else { break };
                match connection.up.receive(around.now_ns) {
                    Some(Upward::LogOn { claim, correlation_id }) => self.log_on(id, claim, correlation_id, around),
                    Some(Upward::Commands(message)) => self.commands(id, &message, around),
                    None => break,
                }
            }
        }
    }

    fn log_on(&mut self, id: ConnectionId, claim: Claim, correlation_id: u64, around: &mut Surroundings) {
        let opened = match around.disk.is_full(around.now_ns) {
            true => Err(RefusalReason::IntakeStopped),
            false => self.sequencer.open_session(claim, id),
        };
        match opened {
            Ok(attached) => {
                around.report.count(Count::Logons);
                self.egress.expect(attached.session, attached.epoch, id);
                around.judge.telling().expect(attached.session, attached.epoch, id);
                if attached.replaced != 0 && attached.replaced != id {
                    let reason = RefusalReason::StaleEpoch;
                    let refusal = Refusal { number: 0, expected: 0, session: attached.session, reason };
                    self.egress.refuse(attached.replaced, refusal);
                }
            }
            Err(reason) => {
                if reason == RefusalReason::SessionExpired {
                    around.report.count(Count::ExpiredRefused);
                }
                let session = claim.session;
                self.egress.refuse(id, Refusal { number: correlation_id, expected: 0, session, reason });
            }
        }
    }

    fn commands(&mut self, id: ConnectionId, mut rest: &[u8], around: &mut Surroundings) {
        while !rest.is_empty() {
            let command = match self.sequencer.on_command(id, rest) {
                Ok(command) => command,
                Err(error) => return around.judge.object(|| format!("a client sent what is no frame: {error:?}")),
            };
            self.answer(id, &command, around.report);
            rest = rest.get(aligned(command.length)..).unwrap_or_default();
        }
    }

    fn answer(&mut self, id: ConnectionId, command: &Judged, report: &mut Report) {
        match command.verdict {
            Verdict::Stamp => {}
            Verdict::Repeat(outcome) => {
                report.count(Count::RepeatsAnswered);
                self.egress.repeat(id, command, &outcome, self.sequencer.epoch());
            }
            Verdict::Waiting => report.count(Count::RepeatsWaiting),
            Verdict::Refuse { reason, expected } => {
                report.count(Count::Refused);
                let refusal = Refusal { number: command.number, expected, session: command.session, reason };
                if !self.egress.refuse(id, refusal) {
                    self.sequencer.untold(command.session);
                }
            }
            Verdict::Drop => report.count(Count::Refused),
        }
    }

    fn write(&mut self, around: &mut Surroundings) {
        if !around.disk.is_busy()
            && let Some((index, block)) = self.sequencer.next_block()
        {
            let slower = if around.now_ns < around.disk.slow_until_ns { SLOWER } else { 1 };
            let takes_ns = around.random.between(COMMIT_NS.0, COMMIT_NS.1) * slower;
            around.disk.write(index, block, around.now_ns + takes_ns);
        }
        self.look_at_unwritten(around);
    }

    /// What a crash may take is bounded in time, whatever the clock shows.
    fn look_at_unwritten(&mut self, around: &mut Surroundings) {
        let positions = self.sequencer.positions();
        if around.disk.is_busy() || positions.persisted == positions.stamped {
            self.unwritten_ns = None;
            return;
        }
        let waits_ns = around.now_ns - *self.unwritten_ns.get_or_insert(around.now_ns);
        if waits_ns > RELAXED_COMMIT_DELAY_NS {
            around
                .judge
                .object(|| format!("seq {} waits for a free disk since {waits_ns} ns", positions.persisted + 1));
        }
    }

    fn execute(&mut self, around: &mut Surroundings) {
        let mut witness = Witness { judge: around.judge, report: around.report, egress: &mut self.egress };
        if let Err(error) = self.sequencer.execute(FRAMES_PER_TURN, &mut witness) {
            around.judge.object(|| format!("a stamped frame cannot be executed: {error:?}"));
        }
        let executed = self.sequencer.positions().executed;
        around.judge.stands_at(executed, self.sequencer.replica().state_hash());
    }

    /// Ends the sessions of connections that are gone.
    fn part(&mut self, around: &mut Surroundings) {
        let is_gone = |id: &ConnectionId| around.network.get_mut(*id).is_none();
        let gone: Vec<_> = self.connections.iter().copied().filter(is_gone).collect();
        for id in gone {
            if !self.sequencer.disconnect(id) {
                return; // no room to stamp it: the next turn sees it gone again
            }
            self.egress.forget(id);
            self.egress.connections.close(id);
            around.judge.telling().forget(id);
            self.connections.remove(&id);
        }
    }

    fn tell(&mut self, around: &mut Surroundings) {
        for id in self.egress.connections.ids() {
            for message in self.egress.connections.take(id) {
                around.judge.told(id, &message);
                let delay_ns = around.random.between(1_000, 200_000);
                if let Some(connection) = around.network.get_mut(id) {
                    connection.down.send(around.now_ns + delay_ns, message);
                }
            }
        }
        around.judge.all_told();
    }
}

/// Lets the judge see what is executed before the clients are told.
struct Witness<'a> {
    judge: &'a mut Judge,
    report: &'a mut Report,
    egress: &'a mut Egress<Outbound>,
}

impl sequencer::sequencer::Egress for Witness<'_> {
    fn applied(&mut self, frame: &SequencedFrame, applied: Applied, events: &[Event], copies: &Copies) {
        self.judge.executed(frame, applied, events, self.report);
        self.egress.applied(frame, applied, events, copies);
    }
}

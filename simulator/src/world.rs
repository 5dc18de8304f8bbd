//! Everything there is: a node, its clients, the network and the disk, and time. Each step lets some time pass and lets one of
//! them act; now and then something goes wrong.

use crate::client::{self, Client};
use crate::disk::Disk;
use crate::faults::{Fault, Faults};
use crate::judge::Judge;
use crate::network::{Network, Upward};
use crate::node::{self, Node};
use crate::random::Random;
use crate::report::{Count, Report};
use crate::snapshots;
use crate::users::{stranger, user};
use crate::workload::{Runs, Workload};
use messages::durability::Durability;
use sequencer::frame::{COMMAND_HEADER_BYTES, CommandFrame};
use sequencer::intake::Claim;

mod led;

const START_NS: i64 = 1_700_000_000_000_000_000;
const STEP_NS: (i64, i64) = (500, 60_000);
/// One step in so many is a fault.
const FAULT_RARITY: u64 = 120;
/// A node acts in one step of so many, where there are fewer clients.
const NODE_SHARE: u64 = 2;
const DOWN_NS: (i64, i64) = (100_000, 10_000_000);
const TROUBLE_NS: (i64, i64) = (1_000_000, 60_000_000);
const CLOCK_BACK_NS: (i64, i64) = (1, 2_000_000_000);
const DRAIN_TURNS: usize = 100_000;

/// What a world is made of.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Decides everything that is left to chance.
    pub seed: u64,
    /// When the node tells.
    pub durability: Durability,
    /// Clients that make commands by themselves.
    pub clients: usize,
    /// What may go wrong.
    pub faults: Faults,
}

enum Host {
    Up(Box<Node>),
    Down { until_ns: i64 },
}

/// See the module.
pub struct World {
    config: Config,
    random: Random,
    now_ns: i64,
    /// What the node's clock shows less.
    behind_ns: i64,
    network: Network,
    disk: Disk,
    judge: Judge,
    report: Report,
    host: Host,
    clients: Vec<Client>,
    /// A bit flips before the next start; the clock is behind then.
    rots: bool,
    falls_behind: bool,
}

impl World {
    /// Before anything happened.
    pub fn new(config: Config) -> Self {
        let mut random = Random::new(config.seed);
        let has_operator = config.faults.has(Fault::Operator);
        let mut client = |place| {
            let (mut random, user) = (Random::new(random.next_u64()), user(place));
            let workload = Workload::new(&mut random, Runs::of(&user, has_operator));
            Client::new(random, user, Some(workload))
        };
        let clients = (0..config.clients).map(&mut client).collect();
        Self {
            config,
            random,
            now_ns: START_NS,
            behind_ns: 0,
            network: Network::default(),
            disk: Disk::default(),
            judge: Judge::new(config.durability),
            report: Report::default(),
            host: Host::Down { until_ns: START_NS },
            clients,
            rots: false,
            falls_behind: false,
        }
    }

    /// Virtual time, in nanoseconds since the Unix epoch.
    pub fn now_ns(&self) -> i64 {
        self.now_ns
    }

    /// What has happened so far.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The first broken promise.
    pub fn violation(&self) -> Option<&str> {
        self.judge.violation()
    }

    /// Whether the node is up.
    pub fn is_up(&self) -> bool {
        matches!(self.host, Host::Up(_))
    }

    /// The committed order, executed.
    pub fn order(&self) -> &sequencer::replica::Replica {
        self.judge.follower()
    }

    /// Time passes, somebody acts, and perhaps something goes wrong.
    pub fn step(&mut self) {
        if self.random.one_in(FAULT_RARITY)
            && let Some(fault) = self.random.pick(&self.config.faults.that_strike())
        {
            self.report.note(fault as u64);
            self.go_wrong(fault);
        }
        self.act(true);
    }

    /// The same without faults and without new commands of the clients that lead themselves.
    pub fn calm_step(&mut self) {
        self.act(false);
    }

    /// What was wrong is put right.
    pub fn mend(&mut self) {
        self.disk.full_until_ns = 0;
        self.disk.slow_until_ns = 0;
        self.rots = false;
        self.clients.iter_mut().for_each(|client| client.deaf_until_ns = 0);
    }

    /// Whether nothing is left to do.
    pub fn is_settled(&self) -> bool {
        let node = match &self.host {
            Host::Up(node) => node.is_settled() && !node.has_work(),
            Host::Down { .. } => false,
        };
        node && self.clients.iter().all(Client::is_settled)
    }

    /// Who is not done, for a person.
    pub fn unsettled(&self) -> String {
        let clients = self.clients.iter().enumerate().filter(|(_, client)| !client.is_settled());
        let names: Vec<_> = clients
            .map(|(place, client)| {
                let (next, answered) = client.numbers();
                format!("client {place} (session {:?}) has answers up to {answered} of {}", client.session(), next - 1)
            })
            .collect();
        let node = match &self.host {
            Host::Up(node) if node.is_settled() && !node.has_work() => "the node is done",
            Host::Up(_) => "the node is not done",
            Host::Down { .. } => "the node is down",
        };
        format!("{node}; {}", if names.is_empty() { "every client is done".into() } else { names.join(", ") })
    }

    /// After everything has settled: a replay of the disk gives the live node's hashes, and holds every answered command.
    pub fn check_end(&mut self) {
        let mut replica = sequencer::replica::Replica::default();
        for block in self.disk.log() {
            if let Err(error) = replica.apply_block(block, |_, _, _| {}) {
                return self.judge.object(|| format!("a block cannot be replayed: {error:?}"));
            }
        }
        if let Host::Up(node) = &self.host {
            let hashes = |of: &sequencer::replica::Replica| (of.state_hash(), of.engine().outcome_hash());
            let (live, replayed) = (hashes(node.replica()), hashes(&replica));
            if live != replayed {
                self.judge.object(|| format!("the live node's hashes are {live:x?}, a replay's {replayed:x?}"));
            }
        }
        if let Err(wrong) = snapshots::check(self.disk.log()) {
            self.judge.object(|| format!("a snapshot that was loaded: {wrong}"));
        }
        for client in &self.clients {
            let Some(session) = client.session() else { continue };
            let (_, answered) = client.numbers();
            if answered > 0 && !self.judge.is_committed((session, answered)) {
                self.judge
                    .object(|| format!("command {answered} of session {session} was answered and is not in the order"));
            }
        }
    }

    fn act(&mut self, makes_commands: bool) {
        self.report.steps += 1;
        self.now_ns += self.random.between(STEP_NS.0, STEP_NS.1);
        let turn = self.random.below(NODE_SHARE + self.clients.len() as u64);
        self.report.note(self.now_ns as u64 ^ turn);
        match turn.checked_sub(NODE_SHARE) {
            None => self.node_acts(),
            Some(place) => self.client_acts(place as usize, makes_commands),
        }
        self.network.bury();
    }

    fn client_acts(&mut self, place: usize, makes_commands: bool) {
        let Self { now_ns, network, judge, report, clients, .. } = self;
        let mut around = client::Surroundings { now_ns: *now_ns, network, judge, report };
        clients[place].turn(&mut around, makes_commands);
    }

    fn node_acts(&mut self) {
        match self.host {
            Host::Up(_) => self.node_turn(true),
            Host::Down { until_ns } if self.now_ns >= until_ns => self.start(),
            Host::Down { .. } => {}
        }
    }

    fn node_turn(&mut self, take_in: bool) {
        let Self { now_ns, behind_ns, network, disk, judge, random, report, host, .. } = self;
        let clock_ns = *now_ns - *behind_ns;
        let mut around = node::Surroundings { now_ns: *now_ns, clock_ns, network, disk, judge, random, report };
        if let Host::Up(node) = host {
            node.turn(take_in, &mut around);
        }
    }

    fn start(&mut self) {
        if std::mem::take(&mut self.falls_behind) {
            self.behind_ns += self.random.between(CLOCK_BACK_NS.0, CLOCK_BACK_NS.1);
            self.report.count(Count::ClocksBack);
        }
        let blocks = self.disk.log().len();
        if std::mem::take(&mut self.rots) && blocks > 0 {
            self.start_from_rot(self.random.clone().below(blocks as u64) as usize);
        }
        match self.try_start() {
            Ok(node) => self.host = Host::Up(Box::new(node)),
            Err(error) => self.judge.object(|| format!("a whole journal is refused: {error:?}")),
        }
    }

    /// A node must not start from a damaged journal. Then its operator brings the copy that is whole.
    fn start_from_rot(&mut self, block: usize) {
        let bit = self.random.below(8 * self.disk.log()[block].len() as u64) as usize;
        self.disk.flip(block, bit);
        match self.try_start() {
            Ok(_) => self.judge.object(|| format!("bit {bit} of block {} flipped, and the node started", block + 1)),
            Err(_) => self.report.count(Count::BitRotFound),
        }
        self.disk.flip(block, bit);
    }

    fn try_start(&mut self) -> Result<Node, sequencer::block::BlockError> {
        let Self { now_ns, behind_ns, network, disk, judge, random, report, .. } = self;
        let clock_ns = *now_ns - *behind_ns;
        let mut around = node::Surroundings { now_ns: *now_ns, clock_ns, network, disk, judge, random, report };
        Node::start(self.config.durability, &mut around)
    }

    fn go_wrong(&mut self, fault: Fault) {
        let later_ns = self.now_ns + self.random.between(TROUBLE_NS.0, TROUBLE_NS.1);
        match fault {
            Fault::Crash => self.crash(),
            Fault::Restart => self.restart(),
            Fault::Cut => self.cut(),
            Fault::Ghost => self.ghost(),
            Fault::Corrupt => self.corrupt(),
            Fault::Twice => self.send_twice(),
            Fault::Deaf => {
                if let Some(place) = self.any_client() {
                    self.clients[place].deaf_until_ns = later_ns;
                    self.report.count(Count::Deaf);
                }
            }
            Fault::Rival => self.rival(),
            Fault::SlowDisk => {
                self.disk.slow_until_ns = later_ns;
                self.report.count(Count::SlowDisks);
            }
            Fault::FullDisk => {
                self.disk.full_until_ns = later_ns;
                self.report.count(Count::FullDisks);
            }
            Fault::BitRot => self.rots = true,
            Fault::ClockBack => self.falls_behind = true,
            Fault::Operator => {}
        }
    }

    /// The node dies.
    pub fn crash(&mut self) {
        if !self.is_up() {
            return;
        }
        self.report.count(Count::Crashes);
        if self.disk.is_busy() {
            let kept = self.random.one_in(2);
            self.report.count(if kept { Count::CommitsKept } else { Count::CommitsLost });
            if self.disk.settle(kept)
                && let Some(block) = self.disk.log().last()
            {
                self.judge.committed(block, &mut self.report);
            }
        }
        self.go_down();
    }

    /// The node finishes what it has taken in, and ends.
    pub fn restart(&mut self) {
        let Host::Up(node) = &mut self.host else { return };
        node.drain();
        for _ in 0..DRAIN_TURNS {
            self.now_ns += STEP_NS.1;
            self.node_turn(false);
            if matches!(&self.host, Host::Up(node) if node.is_settled()) {
                self.report.count(Count::Restarts);
                return self.go_down();
            }
        }
        self.judge.object(|| "a node that was told to stop did not".into());
    }

    fn go_down(&mut self) {
        self.network.cut_all();
        let until_ns = self.now_ns + self.random.between(DOWN_NS.0, DOWN_NS.1);
        self.host = Host::Down { until_ns };
    }

    fn any_client(&mut self) -> Option<usize> {
        let count = self.clients.len() as u64;
        (count > 0).then(|| self.random.below(count) as usize)
    }

    fn cut(&mut self) {
        if let Some(id) = self.random.pick(&self.network.ids())
            && self.network.cut(id)
        {
            self.report.count(Count::Cuts);
        }
    }

    fn ghost(&mut self) {
        let Some(place) = self.any_client() else { return };
        if self.clients[place].connection().is_some() {
            self.clients[place].hang_up(self.now_ns, &mut self.network);
            self.report.count(Count::Ghosts);
        }
    }

    /// Only bodies: nothing but their frame's CRC says that they are damaged.
    fn corrupt(&mut self) {
        let Some(id) = self.random.pick(&self.network.ids()) else { return };
        let body = self.network.get_mut(id).and_then(|connection| {
            connection.up.under_way().find_map(|message| match message {
                Upward::Commands(bytes) => first_body(bytes).filter(|body| !body.is_empty()),
                Upward::LogOn { .. } => None,
            })
        });
        if let Some(body) = body {
            let bit = self.random.below(8 * body.len().min(8) as u64) as usize;
            body[bit / 8] ^= 1 << (bit % 8);
            self.report.count(Count::Corrupted);
        }
    }

    fn send_twice(&mut self) {
        let Some(id) = self.random.pick(&self.network.ids()) else { return };
        let delay_ns = self.random.between(1_000, 1_000_000);
        let Some(connection) = self.network.get_mut(id) else { return };
        if let Some(message) = connection.up.under_way().last().cloned() {
            connection.up.send(self.now_ns + delay_ns, message);
            self.report.count(Count::Doubled);
        }
    }

    fn rival(&mut self) {
        let Some(client) = self.any_client().map(|place| &self.clients[place]) else { return };
        let (Some(session), owner) = (client.session(), client.user()) else { return };
        let (is_stranger, instance) = (self.random.one_in(2), self.random.next_u64());
        let user = if is_stranger { stranger() } else { owner };
        let claim = Claim { session, instance, resumes: false, user };
        let id = self.network.connect();
        let Some(connection) = self.network.get_mut(id) else { return };
        connection.up.send(self.now_ns, Upward::LogOn { claim, correlation_id: 2 });
        connection.abandoned = true;
        self.report.count(if is_stranger { Count::Strangers } else { Count::Rivals });
    }
}

/// The body of the first command in a message.
fn first_body(message: &mut [u8]) -> Option<&mut [u8]> {
    let end = CommandFrame::measure(message).ok()?;
    message.get_mut(COMMAND_HEADER_BYTES..end)
}

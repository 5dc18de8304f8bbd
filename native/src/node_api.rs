//! The seam to a node: one thread runs it, the journal's thread takes blocks from it, any thread may stop it.

use crate::aeron_sys::{aeron_subscription_t, aeron_t};
use crate::clock::Clock;
use crate::error::{Code, Error, guard};
use crate::idle::Idle;
use crate::node::Egress;
use crate::node::agent::Agent;
use crate::node::connections::Connections;
use crate::node::counters::{Counters, LABELS};
use crate::node::handoff::{Handoff, Next};
use crate::node::ingress::Ingress;
use crate::node::users::{Known, Users};
use crate::replica_api::State;
use engine::logic::{LOGIC_VERSION, LOGIC_VERSION_MIN};
use messages::durability::Durability;
use messages::roles::Roles;
use sequencer::replica::Replica;
use sequencer::sequencer::{Config, Sequencer};
use sequencer::users::{self, UserName};
use std::cell::UnsafeCell;
use std::ffi::c_int;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

/// Who may log on; mirrors the struct of `seriatim.h`.
#[repr(C)]
pub struct User {
    key: *const u8,
    key_length: usize,
    name: UserName,
    roles: u8,
}

/// How a node is to run; mirrors the struct of `seriatim.h`.
#[repr(C)]
pub struct NodeConfig {
    client: *mut aeron_t,
    subscriptions: *const *mut aeron_subscription_t,
    subscription_count: usize,
    counters: *const *const AtomicI64,
    users: *const User,
    user_count: usize,
    nonce_seed: [u8; 32],
    tick_interval_ns: i64,
    session_expiry_ns: i64,
    park_max_ns: u64,
    room_orders: u32,
    logic_version: u32,
    durability: u8,
    hot: bool,
    answers_beyond_loopback: bool,
}

/// A block for the journal; mirrors the struct of `seriatim.h`.
#[repr(C)]
pub struct NextBlock {
    index: u64,
    bytes: *const u8,
    length: usize,
}

/// The agent belongs to the thread that runs it; the handoff is everybody's.
pub struct Node {
    handoff: Handoff,
    agent: UnsafeCell<Agent>,
}

/// # Safety
/// `config` and all it points to are valid; the Aeron client, its subscriptions and counters outlive the node. The node takes
/// over `replica`, also when this fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_node_new(
    config: *const NodeConfig,
    replica: *mut Replica,
    node: *mut *mut Node,
) -> c_int {
    // SAFETY: the caller's promise.
    let (config, replica) = unsafe { (&*config, Box::from_raw(replica)) };
    guard(|| {
        // SAFETY: the caller's promise.
        let built = unsafe { build(config, *replica)? };
        // SAFETY: the caller's promise.
        unsafe { *node = Box::into_raw(Box::new(built)) };
        Ok(0)
    })
}

/// # Safety
/// `node` comes from `seriatim_node_new`, no thread is in a call on it, and it is not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_node_free(node: *mut Node) {
    if !node.is_null() {
        // SAFETY: the caller's promise.
        drop(unsafe { Box::from_raw(node) });
    }
}

/// # Safety
/// `node` is live, and only one thread ever runs it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_node_run(node: *const Node) -> c_int {
    // SAFETY: the caller's promise; nobody else touches the agent while it runs.
    let (node, agent) = unsafe { (&*node, &mut *(*node).agent.get()) };
    guard(|| agent.run(&node.handoff).map(|()| 0))
}

/// # Safety
/// `node` is live, `block` is writable, and only one thread ever calls this.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_node_next_block(
    node: *const Node,
    persisted: u64,
    since_commit_ns: i64,
    timeout_ms: u32,
    block: *mut NextBlock,
) -> c_int {
    // SAFETY: the caller's promise.
    let node = unsafe { &*node };
    match node.handoff.next_block(persisted, since_commit_ns, Duration::from_millis(u64::from(timeout_ms))) {
        Next::Block { index, bytes, length } => {
            // SAFETY: the caller's promise.
            unsafe { *block = NextBlock { index, bytes, length } };
            1
        }
        Next::Nothing => 0,
        Next::Ended => 2,
    }
}

/// # Safety
/// `node` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_node_stop_intake(node: *const Node, stopped: bool) {
    // SAFETY: the caller's promise.
    unsafe { (*node).handoff.stop_intake(stopped) };
}

/// # Safety
/// `node` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_node_stop(node: *const Node) {
    // SAFETY: the caller's promise.
    unsafe { (*node).handoff.stop() };
}

/// # Safety
/// `node` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_node_abort(node: *const Node) {
    // SAFETY: the caller's promise.
    unsafe { (*node).handoff.abort() };
}

/// # Safety
/// `node` is live and no thread runs it; `state` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_node_state(node: *const Node, state: *mut State) {
    // SAFETY: the caller's promise.
    unsafe {
        let sequencer = &(*(*node).agent.get()).sequencer;
        *state = State::of(sequencer.replica(), sequencer.log());
    }
}

/// # Safety
/// As `seriatim_node_new`.
unsafe fn build(config: &NodeConfig, mut replica: Replica) -> Result<Node, Error> {
    let durability = Durability::from(config.durability);
    if !matches!(durability, Durability::Relaxed | Durability::Fsync) {
        return Err(Error::new(Code::InvalidArgument, "durability is relaxed or fsync on one node"));
    }
    // SAFETY: the caller's promise.
    let (subscriptions, counters, users) = unsafe {
        (
            std::slice::from_raw_parts(config.subscriptions, config.subscription_count).to_vec(),
            std::slice::from_raw_parts(config.counters, LABELS.len()).to_vec(),
            known_users(std::slice::from_raw_parts(config.users, config.user_count)),
        )
    };
    let clock = Clock::start();
    let NodeConfig { tick_interval_ns, session_expiry_ns, .. } = *config;
    let logic_version = check_logic(config.logic_version, replica.logic_version())?;
    let config_of_order = Config { durability, tick_interval_ns, session_expiry_ns, logic_version };
    replica.make_room(config.room_orders).map_err(|_| no_room(config.room_orders))?;
    let sequencer = Sequencer::new(config_of_order, replica, clock.now_ns());
    let connections = Connections::new(config.client, users, config.nonce_seed, config.answers_beyond_loopback);
    let egress = Egress::new(connections, durability);
    let idle = Idle::new(config.hot, Duration::from_nanos(config.park_max_ns));
    let agent = Agent::new(sequencer, egress, Ingress::new(subscriptions), Counters::new(counters), idle, clock);
    Ok(Node { handoff: Handoff::new(config.hot, clock), agent: UnsafeCell::new(agent) })
}

/// # Safety
/// The keys are valid.
unsafe fn known_users(users: &[User]) -> Users {
    let known = |user: &User| Known {
        user: users::User { name: user.name, roles: Roles::new(user.roles) },
        // SAFETY: the caller's promise.
        key: unsafe { std::slice::from_raw_parts(user.key, user.key_length) }.to_vec(),
    };
    Users(users.iter().map(known).collect())
}

fn no_room(orders: u32) -> Error {
    let why = format!(
        "there is no memory for {orders} live orders, 64 bytes each and some more; ask for less (--room-orders)"
    );
    Error::new(Code::InvalidArgument, why)
}

/// The rules of the epoch that a node opens: those that were asked for, 0 for the newest.
fn check_logic(wanted: u32, before: u32) -> Result<u32, Error> {
    let version = if wanted == 0 { LOGIC_VERSION } else { wanted };
    if !(LOGIC_VERSION_MIN..=LOGIC_VERSION).contains(&version) {
        let known =
            format!("logic version {version} is unknown; this release knows {LOGIC_VERSION_MIN} to {LOGIC_VERSION}");
        return Err(Error::new(Code::InvalidArgument, known));
    }
    if version < before {
        let back =
            format!("the order follows logic version {before} already, and rules never go back to version {version}");
        return Err(Error::new(Code::InvalidArgument, back));
    }
    Ok(version)
}

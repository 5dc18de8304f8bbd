//! The seam to the simulator: whole runs, and worlds whose clients somebody else leads.

use crate::error::{Code, Error, guard};
use crate::replica_api::State;
use engine::rows::EventRow;
use messages::durability::Durability;
use sequencer::client::Trouble;
use simulator::faults::{FAULTS, Faults};
use simulator::report::{COUNT_NAMES, Report};
use simulator::run::Run;
use simulator::world::{Config, World};
use std::ffi::{CString, c_char, c_int};
use std::ptr;
use std::sync::OnceLock;

/// What to simulate; mirrors the struct of `seriatim_simulator.h`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct SimulationFields {
    seed: u64,
    steps: u64,
    faults: u32,
    clients: u32,
    durability: u8,
}

/// What came of it; mirrors the struct of `seriatim_simulator.h`.
#[repr(C)]
pub struct SimulationResult {
    steps: u64,
    trace: u64,
    counts: [u64; 64],
    violation: [c_char; 512],
}

/// Where a client stands; mirrors the struct of `seriatim_simulator.h`.
#[repr(C)]
pub struct ClientFields {
    next_number: u64,
    answered: u64,
    window: u64,
    instance: u64,
    session: u32,
    epoch: u32,
}

const _: () = assert!(COUNT_NAMES.len() <= 64);

impl SimulationFields {
    fn config(&self) -> Result<Config, Error> {
        let durability = match self.durability {
            1 => Durability::Relaxed,
            2 => Durability::Fsync,
            other => return Err(Error::new(Code::InvalidArgument, format!("durability {other} is not simulated"))),
        };
        let (clients, faults) = (self.clients as usize, Faults(self.faults & Faults::ALL.0));
        Ok(Config { seed: self.seed, durability, clients, faults })
    }
}

impl SimulationResult {
    fn put(&mut self, report: &Report, violation: Option<&str>) -> c_int {
        self.steps = report.steps;
        self.trace = report.trace;
        self.counts[..COUNT_NAMES.len()].copy_from_slice(report.counts());
        let text = violation.unwrap_or_default().as_bytes();
        let length = text.len().min(self.violation.len() - 1);
        self.violation.fill(0);
        self.violation.iter_mut().zip(&text[..length]).for_each(|(to, from)| *to = *from as c_char);
        c_int::from(violation.is_some())
    }
}

/// The name of fault `index`, or null after the last.
#[unsafe(no_mangle)]
pub extern "C" fn seriatim_simulation_fault(index: usize) -> *const c_char {
    static NAMES: OnceLock<Vec<CString>> = OnceLock::new();
    name_at(NAMES.get_or_init(|| FAULTS.iter().map(|fault| c_string(fault.name())).collect()), index)
}

/// The name of count `index`, or null after the last.
#[unsafe(no_mangle)]
pub extern "C" fn seriatim_simulation_count(index: usize) -> *const c_char {
    static NAMES: OnceLock<Vec<CString>> = OnceLock::new();
    name_at(NAMES.get_or_init(|| COUNT_NAMES.iter().map(|name| c_string(name)).collect()), index)
}

fn c_string(name: &str) -> CString {
    CString::new(name).expect("names hold no zero byte")
}

fn name_at(names: &[CString], index: usize) -> *const c_char {
    names.get(index).map_or(ptr::null(), |name| name.as_ptr())
}

/// # Safety
/// `fields` is readable, `run` writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_run_new(fields: *const SimulationFields, run: *mut *mut Run) -> c_int {
    guard(|| {
        // SAFETY: the caller's promise.
        let (fields, run) = unsafe { (&*fields, &mut *run) };
        *run = Box::into_raw(Box::new(Run::new(fields.config()?, fields.steps)));
        Ok(0)
    })
}

/// # Safety
/// `run` came from [`seriatim_run_new`] and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_run_free(run: *mut Run) {
    if !run.is_null() {
        // SAFETY: the caller's promise.
        drop(unsafe { Box::from_raw(run) });
    }
}

/// # Safety
/// `run` is live, `result` writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_run_advance(run: *mut Run, steps: u64, result: *mut SimulationResult) -> c_int {
    guard(|| {
        // SAFETY: the caller's promise.
        let (run, result) = unsafe { (&mut *run, &mut *result) };
        let ended = run.advance(steps);
        if ended {
            let (report, violation) = run.outcome();
            result.put(&report, violation.as_ref().map(|violation| violation.what.as_str()));
        }
        Ok(c_int::from(ended))
    })
}

/// # Safety
/// `fields` is readable, `world` writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_world_new(fields: *const SimulationFields, world: *mut *mut World) -> c_int {
    guard(|| {
        // SAFETY: the caller's promise.
        unsafe { *world = Box::into_raw(Box::new(World::new((*fields).config()?))) };
        Ok(0)
    })
}

/// # Safety
/// `world` came from [`seriatim_world_new`] and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_world_free(world: *mut World) {
    if !world.is_null() {
        // SAFETY: the caller's promise.
        drop(unsafe { Box::from_raw(world) });
    }
}

/// # Safety
/// `world` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_world_step(world: *mut World, steps: u64, with_faults: bool) -> c_int {
    guard(|| {
        // SAFETY: the caller's promise.
        let world = unsafe { &mut *world };
        for _ in 0..steps {
            if world.violation().is_some() {
                break;
            }
            if with_faults { world.step() } else { world.calm_step() }
        }
        Ok(c_int::from(world.violation().is_some()))
    })
}

/// # Safety
/// `world` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_world_act(world: *mut World, act: u8) -> c_int {
    guard(|| {
        // SAFETY: the caller's promise.
        let world = unsafe { &mut *world };
        match act {
            1 => world.crash(),
            2 => world.restart(),
            3 => world.mend(),
            4 => world.check_end(),
            other => return Err(Error::new(Code::InvalidArgument, format!("there is no act {other}"))),
        }
        Ok(c_int::from(world.violation().is_some()))
    })
}

/// # Safety
/// `world` is live; `result` and `state` are writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_world_look(
    world: *const World,
    result: *mut SimulationResult,
    state: *mut State,
    now_ns: *mut i64,
) -> c_int {
    guard(|| {
        // SAFETY: the caller's promise.
        let (world, result) = unsafe { (&*world, &mut *result) };
        result.put(world.report(), world.violation());
        // SAFETY: the caller's promise.
        unsafe { (*state, *now_ns) = (State::of(world.order(), world.log()), world.now_ns()) };
        Ok(c_int::from(world.is_settled()))
    })
}

/// # Safety
/// `world` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_world_add_client(world: *mut World) -> c_int {
    // SAFETY: the caller's promise.
    guard(|| Ok(unsafe { (*world).add_client() } as c_int))
}

/// # Safety
/// `world` is live, `client` one of its; `body` holds `length` bytes; `number` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_world_send(
    world: *mut World,
    client: usize,
    body: *const u8,
    length: usize,
    number: *mut u64,
) -> c_int {
    guard(|| {
        // SAFETY: the caller's promise.
        let (world, body) = unsafe { (&mut *world, std::slice::from_raw_parts(body, length)) };
        let Some(given) = world.send(client, body) else { return Ok(0) };
        // SAFETY: the caller's promise.
        unsafe { *number = given };
        Ok(1)
    })
}

/// # Safety
/// `world` is live, `client` one of its; `rows` has room for `capacity`; `count` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_world_poll(
    world: *mut World,
    client: usize,
    rows: *mut EventRow,
    capacity: usize,
    count: *mut usize,
) -> c_int {
    guard(|| {
        // SAFETY: the caller's promise.
        let (world, rows) = unsafe { (&mut *world, std::slice::from_raw_parts_mut(rows, capacity)) };
        let events = world.client(client).take_events(capacity);
        rows[..events.len()].copy_from_slice(&events);
        // SAFETY: the caller's promise.
        unsafe { *count = events.len() };
        if !events.is_empty() {
            return Ok(0); // trouble is told after what came before it
        }
        Ok(match world.client(client).take_trouble() {
            None => 0,
            Some(Trouble::Lost { .. }) => 1,
            Some(_) => 2,
        })
    })
}

/// # Safety
/// `world` is live, `client` one of its.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_world_query(world: *mut World, client: usize, number: u64) -> c_int {
    // SAFETY: the caller's promise.
    guard(|| Ok(c_int::from(unsafe { &mut *world }.client(client).query(number))))
}

/// # Safety
/// `world` is live, `client` one of its.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_world_connect(world: *mut World, client: usize, connected: bool) -> c_int {
    guard(|| {
        // SAFETY: the caller's promise.
        let world = unsafe { &mut *world };
        if connected {
            world.client(client).reopen()
        } else {
            world.close_client(client)
        }
        Ok(0)
    })
}

/// # Safety
/// `world` is live, `client` one of its; `fields` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_world_client(world: *mut World, client: usize, fields: *mut ClientFields) -> c_int {
    guard(|| {
        // SAFETY: the caller's promise.
        let client = unsafe { &mut *world }.client(client);
        let (next_number, answered) = client.numbers();
        let instance = client.instance();
        let (session, epoch, window) =
            client.logon().map_or((0, 0, 0), |logon| (logon.session, logon.epoch, logon.window));
        // SAFETY: the caller's promise.
        unsafe { *fields = ClientFields { next_number, answered, window, instance, session, epoch } };
        Ok(c_int::from(client.is_settled()))
    })
}

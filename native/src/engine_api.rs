//! The matching engine for Python: arrays of commands in, arrays of events out. A panic inside leaves a fault that
//! every later call reports.

use crate::error::panic_text;
use crate::secret::secret;
use engine::command::{Decimal, Instrument, Side};
use engine::event::Event;
use engine::limits::COMMAND_BODY_BYTES_MAX;
use engine::rows::{CommandRow, EventRow};
use engine::{Engine, limits};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;
use std::sync::Mutex;

/// The engine has panicked, now or before.
const FAULT: i64 = -1;
/// Commands are executed in runs of this many; the events of one run are kept if the caller's room ends within it.
const RUN: usize = 256;

/// What a `seriatim_engine *` points to. The lock makes calls from two threads wait for each other instead of racing.
pub struct EngineHandle {
    state: Mutex<State>,
    fault: Mutex<String>,
}

pub(crate) struct State {
    pub(crate) engine: Engine,
    pub(crate) events: Vec<Event>,
    /// Events of executed commands that the caller has not had room for yet.
    rows: Vec<EventRow>,
    taken: usize,
}

/// `seriatim_instrument_t` of the header.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct InstrumentRow {
    tick_mantissa: i64,
    lot_mantissa: i64,
    id: u32,
    tick_exponent: i8,
    lot_exponent: i8,
    symbol: [u8; 16],
}

impl From<&Instrument> for InstrumentRow {
    fn from(terms: &Instrument) -> Self {
        Self {
            tick_mantissa: terms.tick_size.mantissa,
            lot_mantissa: terms.lot_size.mantissa,
            id: terms.id,
            tick_exponent: terms.tick_size.exponent,
            lot_exponent: terms.lot_size.exponent,
            symbol: terms.symbol,
        }
    }
}

/// `seriatim_level_t` of the header.
#[repr(C)]
pub struct LevelRow {
    /// In ticks.
    pub price: i64,
    /// In lots.
    pub quantity: i64,
    /// How many.
    pub orders: u32,
}

/// `seriatim_engine_state_t` of the header.
#[repr(C)]
pub struct Position {
    outcome_hash: u64,
    last_order_id: u64,
    live_orders: u64,
}

impl State {
    /// Hands out waiting rows. Returns how many.
    fn drain(&mut self, room: &mut [EventRow]) -> usize {
        let waiting = &self.rows[self.taken..];
        let count = waiting.len().min(room.len());
        room[..count].copy_from_slice(&waiting[..count]);
        self.taken += count;
        if self.taken == self.rows.len() {
            self.rows.clear();
            self.taken = 0;
        }
        count
    }

    pub(crate) fn apply(&mut self, commands: &[CommandRow], first: u64, room: &mut [EventRow]) -> (usize, usize) {
        let mut written = self.drain(room);
        let mut executed = 0;
        for run in commands.chunks(RUN) {
            if !self.rows.is_empty() || written == room.len() {
                break;
            }
            let rows = &mut self.rows;
            let number = first + executed as u64;
            self.engine.apply_rows(run, &mut self.events, |place, events| {
                for (index, event) in (0..).zip(events) {
                    let number = number + place as u64;
                    match room.get_mut(written) {
                        Some(free) => {
                            free.tell(event, number, index);
                            written += 1;
                        }
                        None => rows.push(EventRow::from_event(event, number, index)),
                    }
                }
            });
            executed += run.len();
        }
        (executed, written)
    }

    /// What happens in `call` waits for the next `seriatim_engine_apply`. Returns how many events now do.
    pub(crate) fn keeping_events(&mut self, call: impl FnOnce(&mut Engine, &mut Vec<Event>)) -> i64 {
        self.events.clear();
        call(&mut self.engine, &mut self.events);
        let rows = (0..).zip(&self.events).map(|(index, event)| EventRow::from_event(event, 0, index));
        self.rows.extend(rows);
        (self.rows.len() - self.taken) as i64
    }
}

impl EngineHandle {
    pub(crate) fn of(engine: Engine) -> Self {
        let state = State { engine, events: Vec::new(), rows: Vec::new(), taken: 0 };
        Self { state: Mutex::new(state), fault: Mutex::new(String::new()) }
    }

    /// Runs `call` alone. A panic poisons the state, so that nobody goes on with a book that is half changed.
    pub(crate) fn guarded(&self, call: impl FnOnce(&mut State) -> i64) -> i64 {
        let outcome = catch_unwind(AssertUnwindSafe(|| self.state.lock().map_or(FAULT, |mut state| call(&mut state))));
        outcome.unwrap_or_else(|panic| {
            *self.fault.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = panic_text(&*panic);
            FAULT
        })
    }
}

/// A slice over what the caller passed; no memory is needed for no elements.
///
/// # Safety
/// `first` points to `count` readable elements, or `count` is 0.
pub(crate) unsafe fn elements<'a, T>(first: *const T, count: usize) -> &'a [T] {
    // SAFETY: the caller's promise.
    if count == 0 { &[] } else { unsafe { slice::from_raw_parts(first, count) } }
}

/// As [`elements`], to write.
///
/// # Safety
/// `first` points to `count` writable elements that nobody else uses, or `count` is 0.
pub(crate) unsafe fn room<'a, T>(first: *mut T, count: usize) -> &'a mut [T] {
    // SAFETY: the caller's promise.
    if count == 0 { &mut [] } else { unsafe { slice::from_raw_parts_mut(first, count) } }
}

/// A venue without instruments, or null if `orders_max` is beyond the engine's limit.
#[unsafe(no_mangle)]
pub extern "C" fn seriatim_engine_new(orders_max: u32) -> *mut EngineHandle {
    if orders_max > limits::ORDERS_MAX {
        return std::ptr::null_mut();
    }
    let mut engine = Engine::with_orders_max(orders_max);
    engine.scatter(secret());
    Box::into_raw(Box::new(EngineHandle::of(engine)))
}

/// See the header.
///
/// # Safety
/// `engine` lives.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_make_room(engine: *const EngineHandle, orders: u32) -> i64 {
    // SAFETY: the caller's promise.
    unsafe { &*engine }.guarded(|state| i64::from(state.engine.make_room(orders).is_ok()))
}

/// See the header.
///
/// # Safety
/// `engine` lives.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_set_logic_version(engine: *const EngineHandle, version: u32) -> i64 {
    // SAFETY: the caller's promise.
    unsafe { &*engine }.guarded(|state| i64::from(state.engine.set_logic_version(version)))
}

/// Frees an engine.
///
/// # Safety
/// `engine` came from `seriatim_engine_new`, and nothing uses it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_free(engine: *mut EngineHandle) {
    // SAFETY: the caller's promise.
    drop(unsafe { Box::from_raw(engine) });
}

/// See the header.
///
/// # Safety
/// `engine` lives; the arrays hold as many elements as said; `executed` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_apply(
    engine: *const EngineHandle,
    commands: *const CommandRow,
    count: usize,
    first: u64,
    executed: *mut usize,
    events: *mut EventRow,
    capacity: usize,
) -> i64 {
    // SAFETY: the caller's promise.
    let (handle, commands, room) = unsafe { (&*engine, elements(commands, count), room(events, capacity)) };
    let mut done = 0;
    let result = handle.guarded(|state| {
        let written;
        (done, written) = state.apply(commands, first, room);
        written as i64
    });
    // SAFETY: the caller's promise.
    unsafe { *executed = done };
    result
}

/// See the header.
///
/// # Safety
/// `engine` lives; `body` points to `length` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_execute(
    engine: *const EngineHandle,
    session: u32,
    body: *const u8,
    length: usize,
) -> i64 {
    // SAFETY: the caller's promise.
    let (handle, body) = unsafe { (&*engine, elements(body, length)) };
    handle.guarded(|state| state.keeping_events(|engine, events| engine.execute(session, body, events)))
}

/// See the header.
///
/// # Safety
/// `engine` and `terms` live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_define(
    engine: *const EngineHandle,
    session: u32,
    terms: *const InstrumentRow,
) -> i64 {
    // SAFETY: the caller's promise.
    let (handle, terms) = unsafe { (&*engine, &*terms) };
    let command = engine::command::Command::DefineInstrument(Instrument {
        id: terms.id,
        symbol: terms.symbol,
        tick_size: Decimal { mantissa: terms.tick_mantissa, exponent: terms.tick_exponent },
        lot_size: Decimal { mantissa: terms.lot_mantissa, exponent: terms.lot_exponent },
    });
    handle.guarded(|state| state.keeping_events(|engine, events| engine.apply(session, &command, events)))
}

/// See the header.
///
/// # Safety
/// `engine` lives; `terms` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_instrument(
    engine: *const EngineHandle,
    id: u32,
    terms: *mut InstrumentRow,
) -> i64 {
    // SAFETY: the caller's promise.
    let (handle, terms) = unsafe { (&*engine, &mut *terms) };
    handle.guarded(|state| {
        let Some(found) = state.engine.instrument(id) else {
            return 0;
        };
        *terms = found.into();
        1
    })
}

/// See the header.
///
/// # Safety
/// `engine` lives; `levels` has room for `capacity`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_levels(
    engine: *const EngineHandle,
    instrument: u32,
    side: u8,
    levels: *mut LevelRow,
    capacity: usize,
) -> i64 {
    // SAFETY: the caller's promise.
    let (handle, room) = unsafe { (&*engine, room(levels, capacity)) };
    handle.guarded(|state| {
        let found = state.engine.levels(instrument, Side::from(side), capacity);
        let mut count = 0;
        for (slot, (price, quantity, orders)) in room.iter_mut().zip(found) {
            *slot = LevelRow { price, quantity, orders };
            count += 1;
        }
        count
    })
}

/// See the header.
///
/// # Safety
/// `engine` lives; `position` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_position(engine: *const EngineHandle, position: *mut Position) -> i64 {
    // SAFETY: the caller's promise.
    let (handle, position) = unsafe { (&*engine, &mut *position) };
    handle.guarded(|state| {
        *position = Position {
            outcome_hash: state.engine.outcome_hash(),
            last_order_id: state.engine.last_order_id(),
            live_orders: state.engine.live_orders(),
        };
        0
    })
}

/// See the header.
///
/// # Safety
/// `engine` lives; `text` has room for `capacity` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_engine_fault(engine: *const EngineHandle, text: *mut u8, capacity: usize) -> usize {
    // SAFETY: the caller's promise.
    let (handle, room) = unsafe { (&*engine, room(text, capacity)) };
    let fault = handle.fault.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let count = fault.len().min(room.len());
    room[..count].copy_from_slice(&fault.as_bytes()[..count]);
    count
}

/// # Safety
/// `row` is readable; `body` has room for [`COMMAND_BODY_BYTES_MAX`] bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seriatim_command_encode(row: *const CommandRow, body: *mut u8) -> usize {
    // SAFETY: the caller's promise.
    let (row, body) = unsafe { (&*row, std::slice::from_raw_parts_mut(body, COMMAND_BODY_BYTES_MAX)) };
    engine::rows::encode_command(row, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_fault_that_every_later_call_reports() {
        let engine = seriatim_engine_new(1);
        // SAFETY: it was made a line ago and is freed below.
        let handle = unsafe { &*engine };
        assert_eq!(handle.guarded(|_| panic!("the book is torn")), FAULT);
        assert_eq!(handle.guarded(|_| 7), FAULT);
        let mut text = [0; 64];
        // SAFETY: the engine lives and the text is as long as said.
        let length = unsafe { seriatim_engine_fault(engine, text.as_mut_ptr(), text.len()) };
        assert_eq!(&text[..length], b"the book is torn");
        // SAFETY: nothing uses it any more.
        unsafe { seriatim_engine_free(engine) };
    }
}

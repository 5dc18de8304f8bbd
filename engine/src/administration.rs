//! What those who run the venue, or a session for itself, may set: commands that are no orders.

use crate::optional::Optional;
pub use messages::{cancel_on::CancelOn, risk_scope::RiskScope, session_end::SessionEnd, trading_phase::TradingPhase};

/// When all orders of the sending session are cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfigureSession {
    /// Bits that the schema does not know are kept, to be refused.
    pub cancel_on: CancelOn,
}

/// Asks for a copy of what another session is told. The sequencer's to carry out: the engine alone refuses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DropCopy {
    /// The other one.
    pub session: u32,
    /// From here on, or no more.
    pub on: bool,
}

/// Replaces all rules of an instrument; none is no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetInstrumentRules {
    /// Whose.
    pub instrument: u32,
    /// Lowest price of an order, in ticks.
    pub band_low: Optional,
    /// Highest price of an order, in ticks.
    pub band_high: Optional,
    /// How far from the last price an order may trade, in ticks.
    pub collar: Optional,
    /// In ticks; what counts until there is a last price.
    pub reference_price: Optional,
    /// In lots.
    pub order_quantity_max: Optional,
    /// In ticks × lots.
    pub order_value_max: Optional,
}

/// Changes a trading phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetPhase {
    /// Whose, or all.
    pub instrument: Option<u32>,
    /// From here on.
    pub phase: TradingPhase,
}

/// Halts, or ends that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetHalt {
    /// What, or all.
    pub instrument: Option<u32>,
    /// None if it says neither.
    pub on: Option<bool>,
}

/// Has a trading phase set when its time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchedulePhase {
    /// Whose.
    pub instrument: u32,
    /// Of the first time.
    pub time_ns: i64,
    /// Between two times; 0 for once.
    pub interval_ns: i64,
    /// From then on.
    pub phase: TradingPhase,
}

/// Takes all entries off an instrument's schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClearSchedule {
    /// Whose.
    pub instrument: u32,
}

/// Voids a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BustTrade {
    /// As the fill said.
    pub trade_id: u64,
}

/// Replaces all limits of a session or an account; none is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetLimits {
    /// What `id` is of.
    pub scope: RiskScope,
    /// Of the session or the account.
    pub id: u32,
    /// In lots.
    pub order_quantity_max: Optional,
    /// In ticks × lots.
    pub order_value_max: Optional,
    /// In lots, long or short.
    pub position_max: Optional,
    /// 0 for no limit of the rate.
    pub rate_interval_ns: i64,
    /// In an interval.
    pub messages_max: Option<u32>,
    /// At a time.
    pub open_orders_max: Option<u32>,
    /// Bits that the schema does not know are kept, to be refused.
    pub cancel_on: CancelOn,
}

/// Says where a position stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetPosition {
    /// What `id` is of.
    pub scope: RiskScope,
    /// Of the session or the account.
    pub id: u32,
    /// In which instrument.
    pub instrument: u32,
    /// Lots bought less lots sold.
    pub position: i64,
}

/// Stops a session or an account, or lets it go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetKillSwitch {
    /// What `id` is of.
    pub scope: RiskScope,
    /// Of the session or the account.
    pub id: u32,
    /// Whether it is stopped; none if the byte is neither yes nor no.
    pub engaged: Option<bool>,
}

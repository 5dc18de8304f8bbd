//! What the engine is asked to do, decoded and in range of its types; whether it makes sense is the engine's to say.

pub use crate::administration::*;
pub use crate::optional::Optional;
use crate::prefetcher::Sought;
use messages::{
    bust_trade_codec, cancel_order_codec, clear_schedule_codec, configure_session_codec, define_instrument_codec,
    drop_copy_codec, mass_cancel_codec, new_order_codec, new_order_extended_codec, reduce_order_codec,
    replace_order_codec, schedule_phase_codec, set_halt_codec, set_instrument_rules_codec, set_kill_switch_codec,
    set_limits_codec, set_phase_codec, set_position_codec,
};
pub use messages::{
    exec_inst::ExecInst, optional_side::OptionalSide, ord_type::OrdType, self_trade_prevention::SelfTradePrevention,
    side::Side, time_in_force::TimeInForce,
};

/// One command of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// A new order.
    New(NewOrder),
    /// Take a live order off the book.
    Cancel(CancelOrder),
    /// Take quantity off a live order; it keeps its priority.
    Reduce(ReduceOrder),
    /// Change price and quantity of a live order.
    Replace(ReplaceOrder),
    /// Cancel many orders of the session.
    MassCancel(MassCancel),
    /// Open a book.
    DefineInstrument(Instrument),
    /// A new order with attributes.
    NewExtended(ExtendedOrder),
    /// When the session's orders are cancelled.
    ConfigureSession(ConfigureSession),
    /// A copy of what another session is told.
    DropCopy(DropCopy),
    /// What an instrument's orders must keep to.
    SetInstrumentRules(SetInstrumentRules),
    /// Another trading phase, now.
    SetPhase(SetPhase),
    /// A halt, or its end.
    SetHalt(SetHalt),
    /// Another trading phase, later.
    SchedulePhase(SchedulePhase),
    /// No trading phase later.
    ClearSchedule(ClearSchedule),
    /// Void a trade.
    BustTrade(BustTrade),
    /// What the orders of a session or an account must keep to.
    SetLimits(SetLimits),
    /// Where a position stands.
    SetPosition(SetPosition),
    /// Stop a session or an account.
    SetKillSwitch(SetKillSwitch),
}

const _: () = assert!(size_of::<Command>() <= 96, "a command is handed around by value");

impl Command {
    /// What the command will look for when `session` sends it, if it looks for an order.
    #[inline]
    pub fn sought(&self, session: u32) -> Option<Sought> {
        let named = |cl_ord_id| Sought { session, cl_ord_id, terms: None };
        match self {
            Self::New(order) => {
                let terms = Some((order.instrument, order.side, order.price.unwrap_or(0)));
                Some(Sought { terms, ..named(order.cl_ord_id) })
            }
            Self::Cancel(cancel) => Some(named(cancel.orig_cl_ord_id)),
            Self::Reduce(reduce) => Some(named(reduce.orig_cl_ord_id)),
            Self::Replace(replace) => Some(named(replace.orig_cl_ord_id)),
            Self::NewExtended(extended) => Self::New(extended.order).sought(session),
            _ => None,
        }
    }

    /// The template id of the message that carries it.
    pub fn template(&self) -> u16 {
        match self {
            Self::New(_) => new_order_codec::SBE_TEMPLATE_ID,
            Self::Cancel(_) => cancel_order_codec::SBE_TEMPLATE_ID,
            Self::Reduce(_) => reduce_order_codec::SBE_TEMPLATE_ID,
            Self::Replace(_) => replace_order_codec::SBE_TEMPLATE_ID,
            Self::MassCancel(_) => mass_cancel_codec::SBE_TEMPLATE_ID,
            Self::DefineInstrument(_) => define_instrument_codec::SBE_TEMPLATE_ID,
            Self::NewExtended(_) => new_order_extended_codec::SBE_TEMPLATE_ID,
            Self::ConfigureSession(_) => configure_session_codec::SBE_TEMPLATE_ID,
            Self::DropCopy(_) => drop_copy_codec::SBE_TEMPLATE_ID,
            Self::SetInstrumentRules(_) => set_instrument_rules_codec::SBE_TEMPLATE_ID,
            Self::SetPhase(_) => set_phase_codec::SBE_TEMPLATE_ID,
            Self::SetHalt(_) => set_halt_codec::SBE_TEMPLATE_ID,
            Self::SchedulePhase(_) => schedule_phase_codec::SBE_TEMPLATE_ID,
            Self::ClearSchedule(_) => clear_schedule_codec::SBE_TEMPLATE_ID,
            Self::BustTrade(_) => bust_trade_codec::SBE_TEMPLATE_ID,
            Self::SetLimits(_) => set_limits_codec::SBE_TEMPLATE_ID,
            Self::SetPosition(_) => set_position_codec::SBE_TEMPLATE_ID,
            Self::SetKillSwitch(_) => set_kill_switch_codec::SBE_TEMPLATE_ID,
        }
    }
}

/// FIX D.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// The client's id, unique among its live orders.
    pub cl_ord_id: u64,
    /// In ticks; none for a market order.
    pub price: Option<i64>,
    /// In lots.
    pub quantity: i64,
    /// Which book.
    pub instrument: u32,
    /// The client's own; given back.
    pub account: u32,
    /// Buy or sell.
    pub side: Side,
    /// Market or limit, at once or once a stop price has traded.
    pub ord_type: OrdType,
    /// How long it lives.
    pub time_in_force: TimeInForce,
}

/// FIX D, with what the short message has no field for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtendedOrder {
    /// What every order has.
    pub order: NewOrder,
    /// What most orders do without.
    pub attributes: Attributes,
}

/// What an order may have beyond the short message. All of it stays as it was at the order's acceptance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attributes {
    /// In ticks; of a stop order.
    pub stop_price: Optional,
    /// In lots, what an iceberg shows at a time.
    pub display_quantity: Optional,
    /// In lots, what must trade on arrival.
    pub minimum_quantity: Optional,
    /// Of the order's clock, until when it lives.
    pub expire_time_ns: Optional,
    /// Orders of one group do not trade with each other; 0 for none.
    pub self_trade_group: u32,
    /// Bits that the schema does not know are kept, to be refused.
    pub instructions: ExecInst,
    /// What becomes of a trade with itself.
    pub self_trade_prevention: SelfTradePrevention,
}

impl Attributes {
    /// Those of an order that came in the short message.
    pub const NONE: Self = Self {
        stop_price: Optional::NONE,
        display_quantity: Optional::NONE,
        minimum_quantity: Optional::NONE,
        expire_time_ns: Optional::NONE,
        self_trade_group: 0,
        instructions: ExecInst(0),
        self_trade_prevention: SelfTradePrevention::None,
    };
}

/// FIX F.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CancelOrder {
    /// The live order's id.
    pub orig_cl_ord_id: u64,
}

/// Takes `quantity` off what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReduceOrder {
    /// The live order's id.
    pub orig_cl_ord_id: u64,
    /// In lots.
    pub quantity: i64,
}

/// FIX G. Keeps priority only when the quantity falls at the same price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplaceOrder {
    /// The order's id from now on; may be the old one.
    pub cl_ord_id: u64,
    /// The live order's id.
    pub orig_cl_ord_id: u64,
    /// In ticks.
    pub price: i64,
    /// The new total in lots, what is filled included.
    pub quantity: i64,
}

/// FIX q, for the session's own orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MassCancel {
    /// Only this book, or all.
    pub instrument: Option<u32>,
    /// Only this side, or both.
    pub side: OptionalSide,
    /// Only this account, or all; from logic version 3 on.
    pub account: Option<u32>,
}

/// The terms of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// Chosen by whoever defines it.
    pub id: u32,
    /// ASCII, padded with zeros.
    pub symbol: [u8; 16],
    /// The price of one tick.
    pub tick_size: Decimal,
    /// The quantity of one lot.
    pub lot_size: Decimal,
}

/// mantissa × 10^exponent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// Digits.
    pub mantissa: i64,
    /// Power of ten.
    pub exponent: i8,
}

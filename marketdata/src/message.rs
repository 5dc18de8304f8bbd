//! Public messages, decoded. None of them says who owns an order.

pub use engine::command::Decimal;
pub use messages::{optional_side::OptionalSide, side::Side, trading_phase::TradingPhase};

/// [`Place::flags`]: the command's last public message; books are consistent after it.
pub const END_OF_EVENT: u8 = 1;
/// [`Place::flags`]: traded in an auction.
pub const AUCTION: u8 = 2;

/// What every public message begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Of the command that caused it.
    pub seq: u64,
    /// Its stamp.
    pub time_ns: i64,
    /// Place of the event among its events, from 0; of what is told of a command as a whole, that of its last event.
    pub index: u32,
    /// Which book.
    pub instrument: u32,
    /// [`END_OF_EVENT`], [`AUCTION`].
    pub flags: u8,
}

/// One public message. Prices in ticks, quantities in lots; `shown` is what everybody sees of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// There is a book, empty so far.
    InstrumentListed {
        /// ASCII, padded with zeros.
        symbol: [u8; 16],
        /// The price of one tick.
        tick_size: Decimal,
        /// The quantity of one lot.
        lot_size: Decimal,
    },
    /// Last in the queue of its price.
    OrderAdded {
        /// The engine's id.
        order_id: u64,
        /// In ticks.
        price: i64,
        /// In lots.
        shown: i64,
        /// Buy or sell.
        side: Side,
    },
    /// A resting order has traded.
    OrderExecuted {
        /// The engine's id.
        order_id: u64,
        /// The n-th fill is n.
        trade_id: u64,
        /// What it traded.
        quantity: i64,
        /// What is left to see; at 0 it is out of the book.
        shown: i64,
    },
    /// Less of it is shown; it keeps its place.
    OrderReduced {
        /// The engine's id.
        order_id: u64,
        /// From now on.
        shown: i64,
    },
    /// Other terms.
    OrderReplaced {
        /// The engine's id.
        order_id: u64,
        /// From now on.
        price: i64,
        /// From now on.
        shown: i64,
        /// Else it is last in the queue of its price.
        priority_kept: bool,
    },
    /// An iceberg shows its next slice.
    OrderRefreshed {
        /// The engine's id.
        order_id: u64,
        /// As before.
        price: i64,
        /// From now on.
        shown: i64,
        /// As before.
        side: Side,
        /// After an auction it keeps its place; else it is last in the queue, of which it had gone.
        priority_kept: bool,
    },
    /// Out of the book.
    OrderDeleted {
        /// The engine's id.
        order_id: u64,
    },
    /// What is shown at a price once the command is done.
    LevelChanged {
        /// In ticks.
        price: i64,
        /// Of all orders together.
        quantity: i64,
        /// How many; 0: the level is gone.
        orders: u32,
        /// Buy or sell.
        side: Side,
    },
    /// Two orders have traded.
    Traded {
        /// The n-th fill is n.
        trade_id: u64,
        /// In ticks.
        price: i64,
        /// In lots.
        quantity: i64,
        /// Who came in; both in an auction.
        aggressor: OptionalSide,
    },
    /// A trade is void; books stay.
    TradeBroken {
        /// Which.
        trade_id: u64,
        /// In ticks.
        price: i64,
        /// In lots.
        quantity: i64,
    },
    /// The instrument is in this phase from now on.
    MarketPhase {
        /// Which.
        phase: TradingPhase,
    },
    /// A crossed book was uncrossed; the trades follow.
    AuctionResult {
        /// Of all of its trades.
        price: i64,
        /// In lots.
        volume: i64,
    },
    /// What an auction would give.
    Indicative(Option<Indication>),
    /// Of the day so far.
    Statistics(Statistics),
}

/// See [`Message::Indicative`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indication {
    /// At which it would trade.
    pub price: i64,
    /// What would trade.
    pub volume: i64,
    /// What would be left at that price, to buy, or negative to sell.
    pub surplus: i64,
}

/// See [`Message::Statistics`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// The first price of the day.
    pub open: Option<i64>,
    /// The highest.
    pub high: Option<i64>,
    /// The lowest.
    pub low: Option<i64>,
    /// The latest, of whatever day.
    pub last: Option<i64>,
    /// In lots.
    pub volume: i64,
    /// How many.
    pub trades: u64,
}

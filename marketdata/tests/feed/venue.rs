//! An engine, the builder of its public messages, and the packets of one block after the other.

use crate::ledger::Ledger;
use engine::Engine;
use engine::command::{
    CancelOrder, Command, Decimal, Instrument, MassCancel, NewOrder, OptionalSide, OrdType, ReduceOrder, ReplaceOrder,
    Side, TimeInForce,
};
use engine::event::Event;
use marketdata::packet::Pieces;
use marketdata::snapshot::SNAPSHOT_HEADER_BYTES;
use marketdata::{Book, Builder, Indication, Packets, Receiver, snapshot};
use proptest::prelude::*;

pub const INSTRUMENTS: u32 = 3;
pub const SESSIONS: u32 = 3;

/// See the module.
pub struct Venue {
    pub engine: Engine,
    pub builder: Builder,
    pub packets: Packets,
    pub seq: u64,
    pub now_ns: i64,
    pub ledger: Ledger,
    events: Vec<Event>,
}

impl Venue {
    pub fn new() -> Self {
        let (engine, builder) = (Engine::new(), Builder::default());
        let (packets, ledger) = (Packets::new(77), Ledger::default());
        Self { engine, builder, packets, seq: 0, now_ns: 0, ledger, events: Vec::new() }
    }

    /// Executes one command; its messages go into the open packets.
    pub fn execute(&mut self, session: u32, command: &Command) {
        self.frame(10, |engine, events| engine.apply(session, command, events));
    }

    /// One frame, so long after the last one.
    pub fn frame(&mut self, after_ns: i64, execute: impl FnOnce(&mut Engine, &mut Vec<Event>)) -> &[Event] {
        self.seq += 1;
        self.now_ns += after_ns;
        self.events.clear();
        self.engine.set_time(self.now_ns);
        execute(&mut self.engine, &mut self.events);
        self.ledger.note(&self.events);
        let told = self.builder.frame(self.seq, self.now_ns, &self.events).expect("the builder follows");
        for (place, message) in told {
            self.packets.push(place, message);
        }
        &self.events
    }

    /// The packets of the block that ends here.
    pub fn block(&mut self) -> Vec<Vec<u8>> {
        for (place, message) in self.builder.block_end(|instrument| indication(&self.engine, instrument)) {
            self.packets.push(place, message);
        }
        let made = split(self.packets.close());
        self.packets.clear();
        made
    }

    /// The packets of a snapshot.
    pub fn snapshot(&self, instrument: u32) -> Vec<Vec<u8>> {
        let mut pieces = Pieces::new(SNAPSHOT_HEADER_BYTES);
        snapshot(self.builder.book(), &self.packets, &self.builder.place(), instrument, &mut pieces);
        split(&pieces)
    }

    /// Of the last frame.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What the engine says that an auction would give.
    pub fn indication(&self, instrument: u32) -> Option<Indication> {
        indication(&self.engine, instrument)
    }

    pub fn heartbeat(&self) -> Vec<u8> {
        let mut bytes = [0; marketdata::packet::HEADER_BYTES];
        self.packets.heartbeat(&mut bytes);
        bytes.to_vec()
    }

    /// Fails unless this book is the engine's, order by order.
    pub fn judge(&self, book: &Book) {
        for instrument in 0..INSTRUMENTS {
            for side in [Side::Buy, Side::Sell] {
                let levels: Vec<_> = self.engine.levels(instrument, side, usize::MAX).collect();
                let shown: Vec<_> =
                    book.levels(instrument, side).map(|level| (level.price, level.quantity, level.orders)).collect();
                assert_eq!(levels, shown, "levels of {instrument} after seq {}", self.seq);
                let queues = levels.iter().flat_map(|&(price, ..)| {
                    let queue = self.engine.queue(instrument, side, price);
                    queue.map(move |order| (order.order_id, price, order.leaves))
                });
                let orders: Vec<_> =
                    book.queue(instrument, side).map(|order| (order.order_id, order.price, order.shown)).collect();
                assert_eq!(queues.collect::<Vec<_>>(), orders, "queues of {instrument} after seq {}", self.seq);
            }
        }
    }
}

fn indication(engine: &Engine, instrument: u32) -> Option<Indication> {
    let found = engine.indicative(instrument)?;
    Some(Indication { price: found.price, volume: found.volume, surplus: found.surplus })
}

fn split(pieces: &Pieces) -> Vec<Vec<u8>> {
    let cut = |bounds: &marketdata::packet::Bounds| pieces.bytes()[bounds.offset..][..bounds.length].to_vec();
    pieces.bounds().iter().map(cut).collect()
}

/// Everything of a receiver that must agree with the builder's book besides the orders.
pub fn judge_listings(venue: &Venue, receiver: &Receiver) {
    for listing in venue.builder.book().listings() {
        let found = receiver.book().listing(listing.instrument).expect("it is current");
        assert_eq!((found.terms, found.phase), (listing.terms, listing.phase));
        assert_eq!((found.statistics, found.indication), (listing.statistics, listing.indication));
    }
}

/// A command of a session.
pub fn commands(count: usize) -> impl Strategy<Value = Vec<(u32, Command)>> {
    prop::collection::vec((0..SESSIONS, command()), count)
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        1 => (0..INSTRUMENTS).prop_map(|id| Command::DefineInstrument(terms(id))),
        20 => new_order().prop_map(Command::New),
        5 => (1u64..60).prop_map(|id| Command::Cancel(CancelOrder { orig_cl_ord_id: id })),
        3 => (1u64..60, 1i64..30)
            .prop_map(|(id, quantity)| Command::Reduce(ReduceOrder { orig_cl_ord_id: id, quantity })),
        6 => (1u64..60, 1u64..60, 95i64..105, 1i64..40).prop_map(|(new, old, price, quantity)| {
            Command::Replace(ReplaceOrder { cl_ord_id: new, orig_cl_ord_id: old, price, quantity })
        }),
        1 => prop::option::of(0..INSTRUMENTS)
            .prop_map(|instrument| Command::MassCancel(MassCancel { instrument, side: OptionalSide::Both, account: None })),
    ]
}

fn new_order() -> impl Strategy<Value = NewOrder> {
    let (ids, prices) = ((1u64..60, 0..INSTRUMENTS), prop::option::weighted(0.9, 95i64..105));
    let lives = prop_oneof![
        4 => Just(TimeInForce::GoodTillCancel),
        1 => Just(TimeInForce::ImmediateOrCancel),
        1 => Just(TimeInForce::FillOrKill)
    ];
    (ids, prices, 1i64..40, any::<bool>(), lives).prop_map(|((id, instrument), price, quantity, buys, lives)| {
        NewOrder {
            cl_ord_id: id,
            price,
            quantity,
            instrument,
            account: 0,
            side: if buys { Side::Buy } else { Side::Sell },
            ord_type: if price.is_some() { OrdType::Limit } else { OrdType::Market },
            time_in_force: lives,
        }
    })
}

pub fn terms(id: u32) -> Instrument {
    let one = Decimal { mantissa: 1, exponent: -2 };
    Instrument { id, symbol: *b"OAK\0\0\0\0\0\0\0\0\0\0\0\0\0", tick_size: one, lot_size: one }
}

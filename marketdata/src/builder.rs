//! From the engine's events to public messages. It sees events alone, never the engine's books, so the one can judge the
//! other.
//!
//! What a command's events say of orders is told one by one; what it has changed of levels and statistics is told once
//! it is done. An order that comes in is shown when it has traded what it could: [`Builder::rest`] is where that is
//! decided, from the events that come after.

use crate::arriving::Arriving;
use crate::book::{Book, Level, Resting, Wrong};
use crate::hidden::{Hidden, Stop};
use crate::limits::{INDICATION_INTERVAL_MAX_NS, INDICATION_NS_PER_ORDER};
use crate::message::{AUCTION, END_OF_EVENT, Indication, Message, OptionalSide, Place, Side, Statistics, TradingPhase};
use engine::command::OrdType;
use engine::event::{Accepted, AcceptedExtended, Event, Fill, InstrumentDefined, Replaced, TradeBusted, Uncrossed};
use messages::set_instrument_rules_codec;
use std::collections::{BTreeMap, BTreeSet};

/// An event that does not fit what came before it: one of the two sides has a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stray {
    /// Of the command.
    pub seq: u64,
    /// Of the event.
    pub index: u32,
    /// In which way.
    pub wrong: Wrong,
}

/// What is owed to those who watch an auction.
#[derive(Debug)]
struct Auction {
    /// Whether its indication may be another since it was asked for.
    changed: bool,
    /// From when on it may be asked for again.
    due_ns: i64,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Builder {
    book: Book,
    hidden: Hidden,
    arriving: Option<Arriving>,
    /// An iceberg whose slice has been traded, until its next one is told.
    refreshing: Option<Resting>,
    /// Instruments whose statistics the command has changed.
    traded: Vec<u32>,
    /// Instruments whose day is over.
    ended: BTreeSet<u32>,
    /// By instrument: the last trade before its day.
    days: BTreeMap<u32, u64>,
    last_trade: u64,
    /// Instruments that trade in auctions now.
    auctions: BTreeMap<u32, Auction>,
    /// Of the last frame.
    now_ns: i64,
    place: Place,
    told: Vec<(Place, Message)>,
}

impl Builder {
    /// The books as everybody sees them.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// Where it stands: the last place that it has told of.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Whether what was told of an instrument's auction, if it is in one, is as after the last block.
    pub fn is_indicated(&self, instrument: u32) -> bool {
        self.auctions.get(&instrument).is_none_or(|auction| !auction.changed)
    }

    /// What the events of the command `seq` tell everybody.
    pub fn frame(&mut self, seq: u64, time_ns: i64, events: &[Event]) -> Result<&[(Place, Message)], Stray> {
        self.told.clear();
        self.now_ns = time_ns;
        for (index, event) in (0..).zip(events) {
            self.place = Place { seq, time_ns, index, instrument: 0, flags: 0 };
            self.event(event).map_err(|wrong| Stray { seq, index, wrong })?;
        }
        if !events.is_empty() {
            self.rest().map_err(|wrong| Stray { seq, index: self.place.index, wrong })?;
            self.settle();
        }
        Ok(&self.told)
    }

    /// What auctions would give, at the end of a block of the journal: `indication` says it for an instrument. It walks
    /// over orders, so it is asked the more seldom the more of them there are; what has changed meanwhile is told later.
    pub fn block_end(&mut self, indication: impl Fn(u32) -> Option<Indication>) -> &[(Place, Message)] {
        self.told.clear();
        let now_ns = self.now_ns;
        let pause_ns = (self.book.orders_shown() as i64 * INDICATION_NS_PER_ORDER).min(INDICATION_INTERVAL_MAX_NS);
        let owed = |auction: &Auction| auction.changed && auction.due_ns <= now_ns;
        for (&instrument, auction) in self.auctions.iter_mut().filter(|(_, auction)| owed(auction)) {
            *auction = Auction { changed: false, due_ns: now_ns.saturating_add(pause_ns) };
            let found = indication(instrument);
            let listing = self.book.listing_mut(instrument).expect("a phase is an instrument's");
            if std::mem::replace(&mut listing.indication, found) != found {
                let place = Place { instrument, flags: END_OF_EVENT, ..self.place };
                self.told.push((place, Message::Indicative(found)));
            }
        }
        &self.told
    }

    #[inline]
    fn event(&mut self, event: &Event) -> Result<(), Wrong> {
        match event {
            Event::Accepted(order) => self.accepted(order),
            Event::AcceptedExtended(order) => self.accepted_extended(order),
            Event::Filled(fill) => self.filled(fill),
            Event::Reduced(order) => self.reduced(order.order_id, order.leaves),
            Event::Cancelled(order) => self.cancelled(order.order_id),
            Event::Replaced(order) => self.replaced(order),
            Event::InstrumentDefined(defined) => self.defined(defined),
            Event::Triggered(order) => self.triggered(order.order_id),
            Event::Refreshed(order) => self.refreshed(order.order_id, order.shown),
            Event::PhaseChanged(change) => self.phase_changed(change.instrument, change.phase),
            Event::Uncrossed(result) => self.uncrossed(result),
            Event::TradeBusted(trade) => self.trade_busted(trade),
            Event::Administered(done) => {
                // An auction's price may depend on the reference price, which is one of the rules.
                if done.template == set_instrument_rules_codec::SBE_TEMPLATE_ID {
                    self.auction_changes(done.id);
                }
                Ok(())
            }
            Event::Rejected(_) | Event::MassCancelled(_) => Ok(()),
        }
    }

    fn accepted(&mut self, order: &Accepted) -> Result<(), Wrong> {
        self.rest()?;
        self.arriving = Some(Arriving {
            order_id: order.order_id,
            instrument: order.instrument,
            side: order.side,
            price: order.price,
            leaves: order.quantity,
            display: None,
            is_shown: false,
        });
        Ok(())
    }

    fn accepted_extended(&mut self, order: &AcceptedExtended) -> Result<(), Wrong> {
        self.rest()?;
        let (price, display) = (order.price.get(), order.attributes.display_quantity.get());
        let AcceptedExtended { order_id, instrument, side, quantity: leaves, .. } = *order;
        if matches!(order.ord_type, OrdType::Stop | OrdType::StopLimit) {
            self.hidden.stops.insert(order_id, Stop { instrument, side, price, leaves, display });
        } else {
            self.arriving = Some(Arriving { order_id, instrument, side, price, leaves, display, is_shown: false });
        }
        Ok(())
    }

    fn triggered(&mut self, order_id: u64) -> Result<(), Wrong> {
        self.rest()?;
        let Stop { instrument, side, price, leaves, display } =
            self.hidden.stops.remove(&order_id).ok_or(Wrong::Order)?;
        self.arriving = Some(Arriving { order_id, instrument, side, price, leaves, display, is_shown: false });
        Ok(())
    }

    fn filled(&mut self, fill: &Fill) -> Result<(), Wrong> {
        let Fill { trade_id, price, quantity, auction: is_auction, .. } = *fill;
        self.last_trade = trade_id;
        let aggressor = match (is_auction, fill.taker_side) {
            (true, _) => OptionalSide::Both,
            (false, Side::Sell) => OptionalSide::Sell,
            (false, _) => OptionalSide::Buy,
        };
        if !is_auction {
            let order = self.arriving.as_mut().filter(|order| order.order_id == fill.taker.order_id);
            let order = order.ok_or(Wrong::Order)?;
            order.leaves = fill.taker.leaves;
            if std::mem::take(&mut order.is_shown) {
                let (instrument, order_id) = (order.instrument, order.order_id);
                self.tell(instrument, Message::OrderDeleted { order_id })?;
            }
        }
        self.place.flags = if is_auction { AUCTION } else { 0 };
        self.tell(fill.instrument, Message::Traded { trade_id, price, quantity, aggressor })?;
        for party in [&fill.taker, &fill.maker] {
            if is_auction || party.order_id == fill.maker.order_id {
                self.executed(party.order_id, trade_id, quantity, party.leaves, is_auction)?;
            }
        }
        self.place.flags = 0;
        self.change_statistics(fill.instrument, |day| day.count(price, quantity));
        Ok(())
    }

    /// In an auction all of an iceberg trades, at its place, and its next slice is told when all has traded.
    fn executed(&mut self, id: u64, trade_id: u64, quantity: i64, leaves: i64, is_auction: bool) -> Result<(), Wrong> {
        let resting = self.book.order(id).ok_or(Wrong::Order)?;
        let shown = match (self.hidden.is_iceberg(id), is_auction) {
            (false, _) => leaves,
            (true, true) => resting.shown.min(leaves),
            (true, false) => resting.shown - quantity,
        };
        self.tell(resting.instrument, Message::OrderExecuted { order_id: id, trade_id, quantity, shown })?;
        if leaves == 0 {
            self.hidden.forget(id);
        } else if shown == 0 {
            self.refreshing = Some(resting);
        }
        Ok(())
    }

    fn refreshed(&mut self, order_id: u64, shown: i64) -> Result<(), Wrong> {
        if let Some(Resting { instrument, price, side, .. }) =
            self.refreshing.take_if(|order| order.order_id == order_id)
        {
            return self
                .tell(instrument, Message::OrderRefreshed { order_id, price, shown, side, priority_kept: false });
        }
        let resting = self.book.order(order_id).ok_or(Wrong::Order)?;
        let Resting { instrument, price, side, .. } = resting;
        if shown != resting.shown {
            self.tell(instrument, Message::OrderRefreshed { order_id, price, shown, side, priority_kept: true })?;
        }
        Ok(())
    }

    fn phase_changed(&mut self, instrument: u32, phase: TradingPhase) -> Result<(), Wrong> {
        self.rest()?;
        match phase {
            TradingPhase::Closed => self.ended.insert(instrument),
            _ => self.begin_day(instrument),
        };
        if matches!(phase, TradingPhase::Continuous | TradingPhase::Closed) {
            self.auctions.remove(&instrument);
        } else {
            self.auctions.entry(instrument).or_insert(Auction { changed: true, due_ns: self.now_ns });
        }
        self.tell(instrument, Message::MarketPhase { phase })
    }

    /// A day begins with what first happens to an instrument that was closed; true if one did.
    fn begin_day(&mut self, instrument: u32) -> bool {
        let begins = self.ended.remove(&instrument);
        if begins {
            self.days.insert(instrument, self.last_trade);
            self.change_statistics(instrument, Statistics::begin_day);
        }
        begins
    }

    fn uncrossed(&mut self, result: &Uncrossed) -> Result<(), Wrong> {
        self.rest()?;
        let Uncrossed { instrument, price, volume, .. } = *result;
        self.begin_day(instrument);
        self.tell(instrument, Message::AuctionResult { price, volume })
    }

    fn trade_busted(&mut self, trade: &TradeBusted) -> Result<(), Wrong> {
        let TradeBusted { trade_id, instrument, price, quantity, .. } = *trade;
        self.tell(instrument, Message::TradeBroken { trade_id, price, quantity })?;
        if self.days.get(&instrument).is_none_or(|&before| trade_id > before) {
            self.change_statistics(instrument, |day| day.break_trade(quantity));
        }
        Ok(())
    }

    fn reduced(&mut self, order_id: u64, leaves: i64) -> Result<(), Wrong> {
        if let Some(order) = self.arriving.as_mut().filter(|order| order.order_id == order_id) {
            order.leaves = leaves;
        } else if let Some(stop) = self.hidden.stops.get_mut(&order_id) {
            stop.leaves = leaves;
        } else {
            let resting = self.book.order(order_id).ok_or(Wrong::Order)?;
            let shown = self.hidden.staying(order_id, resting.shown, leaves);
            self.auction_changes(resting.instrument);
            if shown != resting.shown {
                self.tell(resting.instrument, Message::OrderReduced { order_id, shown })?;
            }
        }
        Ok(())
    }

    fn cancelled(&mut self, order_id: u64) -> Result<(), Wrong> {
        if self.hidden.stops.remove(&order_id).is_some() {
            return Ok(());
        }
        self.hidden.forget(order_id);
        if let Some(order) = self.arriving.take_if(|order| order.order_id == order_id)
            && !order.is_shown
        {
            return Ok(());
        }
        if self.refreshing.take_if(|order| order.order_id == order_id).is_some() {
            return Ok(());
        }
        let resting = self.book.order(order_id).ok_or(Wrong::Order)?;
        self.tell(resting.instrument, Message::OrderDeleted { order_id })
    }

    fn replaced(&mut self, order: &Replaced) -> Result<(), Wrong> {
        self.rest()?;
        let Replaced { order_id, price, leaves, .. } = *order;
        if let Some(stop) = self.hidden.stops.get_mut(&order_id) {
            stop.price = stop.price.map(|_| price);
            stop.leaves = leaves;
            return Ok(());
        }
        let resting = self.book.order(order_id).ok_or(Wrong::Order)?;
        let Resting { instrument, side, .. } = resting;
        if order.priority_kept {
            let shown = self.hidden.staying(order_id, resting.shown, leaves);
            self.auction_changes(instrument);
            if shown != resting.shown {
                self.tell(instrument, Message::OrderReplaced { order_id, price, shown, priority_kept: true })?;
            }
            return Ok(());
        }
        let display = self.hidden.icebergs.get(&order_id).copied();
        let price = Some(price);
        self.arriving = Some(Arriving { order_id, instrument, side, price, leaves, display, is_shown: true });
        Ok(())
    }

    fn defined(&mut self, defined: &InstrumentDefined) -> Result<(), Wrong> {
        let terms = defined.instrument;
        if self.book.listing(terms.id).is_some() {
            return Ok(()); // defined again, on the same terms
        }
        let (symbol, tick_size, lot_size) = (terms.symbol, terms.tick_size, terms.lot_size);
        self.tell(terms.id, Message::InstrumentListed { symbol, tick_size, lot_size })
    }

    /// The order that came in has traded what it could: what is left of it rests, if it may.
    fn rest(&mut self) -> Result<(), Wrong> {
        let Some(Arriving { order_id, instrument, side, price, leaves, display, is_shown }) = self.arriving.take()
        else {
            return Ok(());
        };
        let Some(price) = price.filter(|_| leaves > 0) else {
            self.hidden.forget(order_id);
            return Ok(());
        };
        let shown = Hidden::joining(display, leaves);
        if let Some(display) = display {
            self.hidden.icebergs.insert(order_id, display);
        }
        let message = if is_shown {
            Message::OrderReplaced { order_id, price, shown, priority_kept: false }
        } else {
            Message::OrderAdded { order_id, price, shown, side }
        };
        self.tell(instrument, message)
    }

    fn change_statistics(&mut self, instrument: u32, change: impl FnOnce(&mut Statistics)) {
        if let Some(listing) = self.book.listing_mut(instrument) {
            change(&mut listing.statistics);
            if !self.traded.contains(&instrument) {
                self.traded.push(instrument);
            }
        }
    }

    #[inline]
    fn tell(&mut self, instrument: u32, message: Message) -> Result<(), Wrong> {
        let place = Place { instrument, ..self.place };
        self.book.apply(&place, &message)?;
        self.told.push((place, message));
        self.auction_changes(instrument);
        Ok(())
    }

    /// What an auction would give may be another, also by what nobody sees.
    #[inline]
    fn auction_changes(&mut self, instrument: u32) {
        if let Some(auction) = self.auctions.get_mut(&instrument) {
            auction.changed = true;
        }
    }

    /// Levels and statistics, once the command is done.
    fn settle(&mut self) {
        let (told, place) = (&mut self.told, self.place);
        self.book.settle(|instrument, side, Level { price, quantity, orders }| {
            told.push((Place { instrument, ..place }, Message::LevelChanged { price, quantity, orders, side }));
        });
        for instrument in self.traded.drain(..) {
            let statistics = self.book.listing(instrument).map(|listing| listing.statistics).unwrap_or_default();
            told.push((Place { instrument, ..place }, Message::Statistics(statistics)));
        }
        if let Some((place, _)) = told.last_mut() {
            place.flags |= END_OF_EVENT;
        }
    }
}

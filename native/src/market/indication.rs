//! What an auction would give, as the engine says: it alone knows what icebergs hide and which orders are due.

use marketdata::Indication;
use sequencer::replica::Replica;

/// Of an instrument as it is now; none if its book is not crossed.
pub fn indication(replica: &Replica, instrument: u32) -> Option<Indication> {
    let found = replica.engine().indicative(instrument)?;
    Some(Indication { price: found.price, volume: found.volume, surplus: found.surplus })
}

//! What a client's session tells whoever leads it.

use messages::refusal_reason::RefusalReason;

/// What sending again cannot mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The node does not know this connection's logon: log on again over a new one.
    LoggedOff,
    /// The session has logged on elsewhere since; this client is out.
    Elsewhere,
    /// A command was refused for good.
    Refused {
        /// Which.
        number: u64,
        /// Why.
        reason: RefusalReason,
    },
    /// Nothing was heard of commands or queries for long, however often they were sent. Sending goes on; a query settles it.
    Unknown {
        /// The first command without an answer.
        first: u64,
        /// The last of them.
        last: u64,
    },
    /// The order has lost commands that it had answered: the node was `relaxed` and crashed.
    Lost {
        /// The first of them.
        first: u64,
        /// The last of them.
        last: u64,
    },
}

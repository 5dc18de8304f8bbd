//! What can go wrong.

/// One kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Fault {
    /// The node dies; the block that was being committed may be on the disk or not.
    Crash,
    /// The node is stopped and started in good order.
    Restart,
    /// A connection breaks, and what was under way is gone.
    Cut,
    /// A client gives its connection up and takes another, while what it sent on the first one is still under way.
    Ghost,
    /// A bit of a command's body flips under way.
    Corrupt,
    /// A message arrives twice.
    Twice,
    /// A client reads nothing for a while.
    Deaf,
    /// Somebody else logs on to a client's session.
    Rival,
    /// The disk takes its time.
    SlowDisk,
    /// The disk has no room.
    FullDisk,
    /// A bit on the disk flips while the node is down.
    BitRot,
    /// The clock is behind after a restart.
    ClockBack,
    /// One of the clients runs the venue, which the others feel: phases, halts, rules, limits, kill switches, busts.
    Operator,
}

/// Every kind, in the order of their numbers.
pub const FAULTS: [Fault; 13] = [
    Fault::Crash,
    Fault::Restart,
    Fault::Cut,
    Fault::Ghost,
    Fault::Corrupt,
    Fault::Twice,
    Fault::Deaf,
    Fault::Rival,
    Fault::SlowDisk,
    Fault::FullDisk,
    Fault::BitRot,
    Fault::ClockBack,
    Fault::Operator,
];

impl Fault {
    /// As a person writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crash => "crash",
            Self::Restart => "restart",
            Self::Cut => "cut",
            Self::Ghost => "ghost",
            Self::Corrupt => "corrupt",
            Self::Twice => "twice",
            Self::Deaf => "deaf",
            Self::Rival => "rival",
            Self::SlowDisk => "slow-disk",
            Self::FullDisk => "full-disk",
            Self::BitRot => "bit-rot",
            Self::ClockBack => "clock-back",
            Self::Operator => "operator",
        }
    }
}

/// Which kinds may happen; bit n is the fault with number n.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Faults(pub u32);

impl Faults {
    /// Every kind.
    pub const ALL: Self = Self((1 << FAULTS.len()) - 1);

    /// Whether that kind may happen.
    pub fn has(self, fault: Fault) -> bool {
        self.0 & (1 << fault as u8) != 0
    }

    /// The kinds that happen at a moment; what an operator does are commands like others.
    pub fn that_strike(self) -> Vec<Fault> {
        FAULTS.into_iter().filter(|fault| self.has(*fault) && *fault != Fault::Operator).collect()
    }
}

const _: () = {
    let mut number = 0;
    while number < FAULTS.len() {
        assert!(FAULTS[number] as usize == number);
        number += 1;
    }
};

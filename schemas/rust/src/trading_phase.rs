#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum TradingPhase {
    Closed = 0x1_u8,
    PreOpen = 0x2_u8,
    OpeningAuction = 0x3_u8,
    Continuous = 0x4_u8,
    Halt = 0x5_u8,
    ClosingAuction = 0x6_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for TradingPhase {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x1_u8 => Self::Closed,
            0x2_u8 => Self::PreOpen,
            0x3_u8 => Self::OpeningAuction,
            0x4_u8 => Self::Continuous,
            0x5_u8 => Self::Halt,
            0x6_u8 => Self::ClosingAuction,
            _ => Self::NullVal,
        }
    }
}
impl From<TradingPhase> for u8 {
    #[inline]
    fn from(v: TradingPhase) -> Self {
        match v {
            TradingPhase::Closed => 0x1_u8,
            TradingPhase::PreOpen => 0x2_u8,
            TradingPhase::OpeningAuction => 0x3_u8,
            TradingPhase::Continuous => 0x4_u8,
            TradingPhase::Halt => 0x5_u8,
            TradingPhase::ClosingAuction => 0x6_u8,
            TradingPhase::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for TradingPhase {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Closed" => Ok(Self::Closed),
            "PreOpen" => Ok(Self::PreOpen),
            "OpeningAuction" => Ok(Self::OpeningAuction),
            "Continuous" => Ok(Self::Continuous),
            "Halt" => Ok(Self::Halt),
            "ClosingAuction" => Ok(Self::ClosingAuction),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for TradingPhase {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Closed => write!(f, "Closed"),
            Self::PreOpen => write!(f, "PreOpen"),
            Self::OpeningAuction => write!(f, "OpeningAuction"),
            Self::Continuous => write!(f, "Continuous"),
            Self::Halt => write!(f, "Halt"),
            Self::ClosingAuction => write!(f, "ClosingAuction"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}

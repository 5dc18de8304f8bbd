#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum MarketRequestKind {
    Messages = 0x1_u8,
    Snapshot = 0x2_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for MarketRequestKind {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x1_u8 => Self::Messages,
            0x2_u8 => Self::Snapshot,
            _ => Self::NullVal,
        }
    }
}
impl From<MarketRequestKind> for u8 {
    #[inline]
    fn from(v: MarketRequestKind) -> Self {
        match v {
            MarketRequestKind::Messages => 0x1_u8,
            MarketRequestKind::Snapshot => 0x2_u8,
            MarketRequestKind::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for MarketRequestKind {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Messages" => Ok(Self::Messages),
            "Snapshot" => Ok(Self::Snapshot),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for MarketRequestKind {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Messages => write!(f, "Messages"),
            Self::Snapshot => write!(f, "Snapshot"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}

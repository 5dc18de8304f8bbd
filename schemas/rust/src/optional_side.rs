#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum OptionalSide {
    Both = 0x0_u8,
    Buy = 0x1_u8,
    Sell = 0x2_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for OptionalSide {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x0_u8 => Self::Both,
            0x1_u8 => Self::Buy,
            0x2_u8 => Self::Sell,
            _ => Self::NullVal,
        }
    }
}
impl From<OptionalSide> for u8 {
    #[inline]
    fn from(v: OptionalSide) -> Self {
        match v {
            OptionalSide::Both => 0x0_u8,
            OptionalSide::Buy => 0x1_u8,
            OptionalSide::Sell => 0x2_u8,
            OptionalSide::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for OptionalSide {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Both" => Ok(Self::Both),
            "Buy" => Ok(Self::Buy),
            "Sell" => Ok(Self::Sell),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for OptionalSide {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Both => write!(f, "Both"),
            Self::Buy => write!(f, "Buy"),
            Self::Sell => write!(f, "Sell"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}

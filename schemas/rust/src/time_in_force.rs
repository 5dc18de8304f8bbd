#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum TimeInForce {
    Day = 0x0_u8,
    GoodTillCancel = 0x1_u8,
    ImmediateOrCancel = 0x3_u8,
    FillOrKill = 0x4_u8,
    GoodTillDate = 0x6_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for TimeInForce {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x0_u8 => Self::Day,
            0x1_u8 => Self::GoodTillCancel,
            0x3_u8 => Self::ImmediateOrCancel,
            0x4_u8 => Self::FillOrKill,
            0x6_u8 => Self::GoodTillDate,
            _ => Self::NullVal,
        }
    }
}
impl From<TimeInForce> for u8 {
    #[inline]
    fn from(v: TimeInForce) -> Self {
        match v {
            TimeInForce::Day => 0x0_u8,
            TimeInForce::GoodTillCancel => 0x1_u8,
            TimeInForce::ImmediateOrCancel => 0x3_u8,
            TimeInForce::FillOrKill => 0x4_u8,
            TimeInForce::GoodTillDate => 0x6_u8,
            TimeInForce::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for TimeInForce {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Day" => Ok(Self::Day),
            "GoodTillCancel" => Ok(Self::GoodTillCancel),
            "ImmediateOrCancel" => Ok(Self::ImmediateOrCancel),
            "FillOrKill" => Ok(Self::FillOrKill),
            "GoodTillDate" => Ok(Self::GoodTillDate),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for TimeInForce {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Day => write!(f, "Day"),
            Self::GoodTillCancel => write!(f, "GoodTillCancel"),
            Self::ImmediateOrCancel => write!(f, "ImmediateOrCancel"),
            Self::FillOrKill => write!(f, "FillOrKill"),
            Self::GoodTillDate => write!(f, "GoodTillDate"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}

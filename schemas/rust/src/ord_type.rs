#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum OrdType {
    Market = 0x1_u8,
    Limit = 0x2_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for OrdType {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x1_u8 => Self::Market,
            0x2_u8 => Self::Limit,
            _ => Self::NullVal,
        }
    }
}
impl From<OrdType> for u8 {
    #[inline]
    fn from(v: OrdType) -> Self {
        match v {
            OrdType::Market => 0x1_u8,
            OrdType::Limit => 0x2_u8,
            OrdType::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for OrdType {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Market" => Ok(Self::Market),
            "Limit" => Ok(Self::Limit),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for OrdType {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Market => write!(f, "Market"),
            Self::Limit => write!(f, "Limit"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}

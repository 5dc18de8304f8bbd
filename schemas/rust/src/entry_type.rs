#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum EntryType {
    Block = 0x1_u8,
    Empty = 0x2_u8,
    Membership = 0x3_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for EntryType {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x1_u8 => Self::Block,
            0x2_u8 => Self::Empty,
            0x3_u8 => Self::Membership,
            _ => Self::NullVal,
        }
    }
}
impl From<EntryType> for u8 {
    #[inline]
    fn from(v: EntryType) -> Self {
        match v {
            EntryType::Block => 0x1_u8,
            EntryType::Empty => 0x2_u8,
            EntryType::Membership => 0x3_u8,
            EntryType::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for EntryType {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Block" => Ok(Self::Block),
            "Empty" => Ok(Self::Empty),
            "Membership" => Ok(Self::Membership),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for EntryType {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Block => write!(f, "Block"),
            Self::Empty => write!(f, "Empty"),
            Self::Membership => write!(f, "Membership"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}

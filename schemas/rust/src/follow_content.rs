#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum FollowContent {
    Order = 0x1_u8,
    Events = 0x2_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for FollowContent {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x1_u8 => Self::Order,
            0x2_u8 => Self::Events,
            _ => Self::NullVal,
        }
    }
}
impl From<FollowContent> for u8 {
    #[inline]
    fn from(v: FollowContent) -> Self {
        match v {
            FollowContent::Order => 0x1_u8,
            FollowContent::Events => 0x2_u8,
            FollowContent::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for FollowContent {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Order" => Ok(Self::Order),
            "Events" => Ok(Self::Events),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for FollowContent {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Order => write!(f, "Order"),
            Self::Events => write!(f, "Events"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum SessionEnd {
    Logoff = 0x1_u8,
    Disconnected = 0x2_u8,
    Replaced = 0x3_u8,
    Expired = 0x4_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for SessionEnd {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x1_u8 => Self::Logoff,
            0x2_u8 => Self::Disconnected,
            0x3_u8 => Self::Replaced,
            0x4_u8 => Self::Expired,
            _ => Self::NullVal,
        }
    }
}
impl From<SessionEnd> for u8 {
    #[inline]
    fn from(v: SessionEnd) -> Self {
        match v {
            SessionEnd::Logoff => 0x1_u8,
            SessionEnd::Disconnected => 0x2_u8,
            SessionEnd::Replaced => 0x3_u8,
            SessionEnd::Expired => 0x4_u8,
            SessionEnd::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for SessionEnd {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Logoff" => Ok(Self::Logoff),
            "Disconnected" => Ok(Self::Disconnected),
            "Replaced" => Ok(Self::Replaced),
            "Expired" => Ok(Self::Expired),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for SessionEnd {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Logoff => write!(f, "Logoff"),
            Self::Disconnected => write!(f, "Disconnected"),
            Self::Replaced => write!(f, "Replaced"),
            Self::Expired => write!(f, "Expired"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}

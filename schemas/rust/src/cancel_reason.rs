#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum CancelReason {
    Requested = 0x1_u8,
    Unfilled = 0x2_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for CancelReason {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x1_u8 => Self::Requested,
            0x2_u8 => Self::Unfilled,
            _ => Self::NullVal,
        }
    }
}
impl From<CancelReason> for u8 {
    #[inline]
    fn from(v: CancelReason) -> Self {
        match v {
            CancelReason::Requested => 0x1_u8,
            CancelReason::Unfilled => 0x2_u8,
            CancelReason::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for CancelReason {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Requested" => Ok(Self::Requested),
            "Unfilled" => Ok(Self::Unfilled),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for CancelReason {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Requested => write!(f, "Requested"),
            Self::Unfilled => write!(f, "Unfilled"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum MassCancelResponse {
    Accepted = 0x1_u8,
    Completed = 0x2_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for MassCancelResponse {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x1_u8 => Self::Accepted,
            0x2_u8 => Self::Completed,
            _ => Self::NullVal,
        }
    }
}
impl From<MassCancelResponse> for u8 {
    #[inline]
    fn from(v: MassCancelResponse) -> Self {
        match v {
            MassCancelResponse::Accepted => 0x1_u8,
            MassCancelResponse::Completed => 0x2_u8,
            MassCancelResponse::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for MassCancelResponse {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Accepted" => Ok(Self::Accepted),
            "Completed" => Ok(Self::Completed),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for MassCancelResponse {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Accepted => write!(f, "Accepted"),
            Self::Completed => write!(f, "Completed"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum OutcomeKind {
    Accepted = 0x1_u8,
    Rejected = 0x2_u8,
    NotExecuted = 0x3_u8,
    Forgotten = 0x4_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for OutcomeKind {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x1_u8 => Self::Accepted,
            0x2_u8 => Self::Rejected,
            0x3_u8 => Self::NotExecuted,
            0x4_u8 => Self::Forgotten,
            _ => Self::NullVal,
        }
    }
}
impl From<OutcomeKind> for u8 {
    #[inline]
    fn from(v: OutcomeKind) -> Self {
        match v {
            OutcomeKind::Accepted => 0x1_u8,
            OutcomeKind::Rejected => 0x2_u8,
            OutcomeKind::NotExecuted => 0x3_u8,
            OutcomeKind::Forgotten => 0x4_u8,
            OutcomeKind::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for OutcomeKind {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Accepted" => Ok(Self::Accepted),
            "Rejected" => Ok(Self::Rejected),
            "NotExecuted" => Ok(Self::NotExecuted),
            "Forgotten" => Ok(Self::Forgotten),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for OutcomeKind {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Accepted => write!(f, "Accepted"),
            Self::Rejected => write!(f, "Rejected"),
            Self::NotExecuted => write!(f, "NotExecuted"),
            Self::Forgotten => write!(f, "Forgotten"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}

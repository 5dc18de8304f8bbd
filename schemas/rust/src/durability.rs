#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Durability {
    Relaxed = 0x1_u8,
    Fsync = 0x2_u8,
    Quorum = 0x3_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for Durability {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x1_u8 => Self::Relaxed,
            0x2_u8 => Self::Fsync,
            0x3_u8 => Self::Quorum,
            _ => Self::NullVal,
        }
    }
}
impl From<Durability> for u8 {
    #[inline]
    fn from(v: Durability) -> Self {
        match v {
            Durability::Relaxed => 0x1_u8,
            Durability::Fsync => 0x2_u8,
            Durability::Quorum => 0x3_u8,
            Durability::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for Durability {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Relaxed" => Ok(Self::Relaxed),
            "Fsync" => Ok(Self::Fsync),
            "Quorum" => Ok(Self::Quorum),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for Durability {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Relaxed => write!(f, "Relaxed"),
            Self::Fsync => write!(f, "Fsync"),
            Self::Quorum => write!(f, "Quorum"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum RiskScope {
    Session = 0x1_u8,
    Account = 0x2_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for RiskScope {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x1_u8 => Self::Session,
            0x2_u8 => Self::Account,
            _ => Self::NullVal,
        }
    }
}
impl From<RiskScope> for u8 {
    #[inline]
    fn from(v: RiskScope) -> Self {
        match v {
            RiskScope::Session => 0x1_u8,
            RiskScope::Account => 0x2_u8,
            RiskScope::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for RiskScope {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Session" => Ok(Self::Session),
            "Account" => Ok(Self::Account),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for RiskScope {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Session => write!(f, "Session"),
            Self::Account => write!(f, "Account"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}

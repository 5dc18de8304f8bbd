#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum CancelReason {
    Requested = 0x1_u8,
    Unfilled = 0x2_u8,
    Expired = 0x3_u8,
    SelfTrade = 0x4_u8,
    MinimumNotMet = 0x5_u8,
    DayEnded = 0x6_u8,
    Disconnected = 0x7_u8,
    LoggedOff = 0x8_u8,
    KillSwitch = 0x9_u8,
    Collar = 0xa_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for CancelReason {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x1_u8 => Self::Requested,
            0x2_u8 => Self::Unfilled,
            0x3_u8 => Self::Expired,
            0x4_u8 => Self::SelfTrade,
            0x5_u8 => Self::MinimumNotMet,
            0x6_u8 => Self::DayEnded,
            0x7_u8 => Self::Disconnected,
            0x8_u8 => Self::LoggedOff,
            0x9_u8 => Self::KillSwitch,
            0xa_u8 => Self::Collar,
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
            CancelReason::Expired => 0x3_u8,
            CancelReason::SelfTrade => 0x4_u8,
            CancelReason::MinimumNotMet => 0x5_u8,
            CancelReason::DayEnded => 0x6_u8,
            CancelReason::Disconnected => 0x7_u8,
            CancelReason::LoggedOff => 0x8_u8,
            CancelReason::KillSwitch => 0x9_u8,
            CancelReason::Collar => 0xa_u8,
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
            "Expired" => Ok(Self::Expired),
            "SelfTrade" => Ok(Self::SelfTrade),
            "MinimumNotMet" => Ok(Self::MinimumNotMet),
            "DayEnded" => Ok(Self::DayEnded),
            "Disconnected" => Ok(Self::Disconnected),
            "LoggedOff" => Ok(Self::LoggedOff),
            "KillSwitch" => Ok(Self::KillSwitch),
            "Collar" => Ok(Self::Collar),
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
            Self::Expired => write!(f, "Expired"),
            Self::SelfTrade => write!(f, "SelfTrade"),
            Self::MinimumNotMet => write!(f, "MinimumNotMet"),
            Self::DayEnded => write!(f, "DayEnded"),
            Self::Disconnected => write!(f, "Disconnected"),
            Self::LoggedOff => write!(f, "LoggedOff"),
            Self::KillSwitch => write!(f, "KillSwitch"),
            Self::Collar => write!(f, "Collar"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}

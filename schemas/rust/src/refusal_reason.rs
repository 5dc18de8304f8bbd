#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum RefusalReason {
    Gap = 0x1_u8,
    NumberReused = 0x2_u8,
    OutcomeForgotten = 0x3_u8,
    StaleEpoch = 0x4_u8,
    NotLoggedOn = 0x5_u8,
    WindowFull = 0x6_u8,
    BadCrc = 0x7_u8,
    BadFrame = 0x8_u8,
    TooLong = 0x9_u8,
    LogonDenied = 0xa_u8,
    UnknownSession = 0xb_u8,
    IntakeStopped = 0xc_u8,
    UnsupportedVersion = 0xd_u8,
    TooManySessions = 0xe_u8,
    SessionExpired = 0xf_u8,
    AnotherUsers = 0x10_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for RefusalReason {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x1_u8 => Self::Gap,
            0x2_u8 => Self::NumberReused,
            0x3_u8 => Self::OutcomeForgotten,
            0x4_u8 => Self::StaleEpoch,
            0x5_u8 => Self::NotLoggedOn,
            0x6_u8 => Self::WindowFull,
            0x7_u8 => Self::BadCrc,
            0x8_u8 => Self::BadFrame,
            0x9_u8 => Self::TooLong,
            0xa_u8 => Self::LogonDenied,
            0xb_u8 => Self::UnknownSession,
            0xc_u8 => Self::IntakeStopped,
            0xd_u8 => Self::UnsupportedVersion,
            0xe_u8 => Self::TooManySessions,
            0xf_u8 => Self::SessionExpired,
            0x10_u8 => Self::AnotherUsers,
            _ => Self::NullVal,
        }
    }
}
impl From<RefusalReason> for u8 {
    #[inline]
    fn from(v: RefusalReason) -> Self {
        match v {
            RefusalReason::Gap => 0x1_u8,
            RefusalReason::NumberReused => 0x2_u8,
            RefusalReason::OutcomeForgotten => 0x3_u8,
            RefusalReason::StaleEpoch => 0x4_u8,
            RefusalReason::NotLoggedOn => 0x5_u8,
            RefusalReason::WindowFull => 0x6_u8,
            RefusalReason::BadCrc => 0x7_u8,
            RefusalReason::BadFrame => 0x8_u8,
            RefusalReason::TooLong => 0x9_u8,
            RefusalReason::LogonDenied => 0xa_u8,
            RefusalReason::UnknownSession => 0xb_u8,
            RefusalReason::IntakeStopped => 0xc_u8,
            RefusalReason::UnsupportedVersion => 0xd_u8,
            RefusalReason::TooManySessions => 0xe_u8,
            RefusalReason::SessionExpired => 0xf_u8,
            RefusalReason::AnotherUsers => 0x10_u8,
            RefusalReason::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for RefusalReason {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Gap" => Ok(Self::Gap),
            "NumberReused" => Ok(Self::NumberReused),
            "OutcomeForgotten" => Ok(Self::OutcomeForgotten),
            "StaleEpoch" => Ok(Self::StaleEpoch),
            "NotLoggedOn" => Ok(Self::NotLoggedOn),
            "WindowFull" => Ok(Self::WindowFull),
            "BadCrc" => Ok(Self::BadCrc),
            "BadFrame" => Ok(Self::BadFrame),
            "TooLong" => Ok(Self::TooLong),
            "LogonDenied" => Ok(Self::LogonDenied),
            "UnknownSession" => Ok(Self::UnknownSession),
            "IntakeStopped" => Ok(Self::IntakeStopped),
            "UnsupportedVersion" => Ok(Self::UnsupportedVersion),
            "TooManySessions" => Ok(Self::TooManySessions),
            "SessionExpired" => Ok(Self::SessionExpired),
            "AnotherUsers" => Ok(Self::AnotherUsers),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for RefusalReason {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Gap => write!(f, "Gap"),
            Self::NumberReused => write!(f, "NumberReused"),
            Self::OutcomeForgotten => write!(f, "OutcomeForgotten"),
            Self::StaleEpoch => write!(f, "StaleEpoch"),
            Self::NotLoggedOn => write!(f, "NotLoggedOn"),
            Self::WindowFull => write!(f, "WindowFull"),
            Self::BadCrc => write!(f, "BadCrc"),
            Self::BadFrame => write!(f, "BadFrame"),
            Self::TooLong => write!(f, "TooLong"),
            Self::LogonDenied => write!(f, "LogonDenied"),
            Self::UnknownSession => write!(f, "UnknownSession"),
            Self::IntakeStopped => write!(f, "IntakeStopped"),
            Self::UnsupportedVersion => write!(f, "UnsupportedVersion"),
            Self::TooManySessions => write!(f, "TooManySessions"),
            Self::SessionExpired => write!(f, "SessionExpired"),
            Self::AnotherUsers => write!(f, "AnotherUsers"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}

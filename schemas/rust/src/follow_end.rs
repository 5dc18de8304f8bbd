#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum FollowEnd {
    Denied = 0x1_u8,
    UnsupportedVersion = 0x2_u8,
    TooMany = 0x3_u8,
    Gone = 0x4_u8,
    Rewound = 0x5_u8,
    Stopping = 0x6_u8,
    Failed = 0x7_u8,
    NotAllowed = 0x8_u8,
    OtherJournal = 0x9_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for FollowEnd {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x1_u8 => Self::Denied,
            0x2_u8 => Self::UnsupportedVersion,
            0x3_u8 => Self::TooMany,
            0x4_u8 => Self::Gone,
            0x5_u8 => Self::Rewound,
            0x6_u8 => Self::Stopping,
            0x7_u8 => Self::Failed,
            0x8_u8 => Self::NotAllowed,
            0x9_u8 => Self::OtherJournal,
            _ => Self::NullVal,
        }
    }
}
impl From<FollowEnd> for u8 {
    #[inline]
    fn from(v: FollowEnd) -> Self {
        match v {
            FollowEnd::Denied => 0x1_u8,
            FollowEnd::UnsupportedVersion => 0x2_u8,
            FollowEnd::TooMany => 0x3_u8,
            FollowEnd::Gone => 0x4_u8,
            FollowEnd::Rewound => 0x5_u8,
            FollowEnd::Stopping => 0x6_u8,
            FollowEnd::Failed => 0x7_u8,
            FollowEnd::NotAllowed => 0x8_u8,
            FollowEnd::OtherJournal => 0x9_u8,
            FollowEnd::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for FollowEnd {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Denied" => Ok(Self::Denied),
            "UnsupportedVersion" => Ok(Self::UnsupportedVersion),
            "TooMany" => Ok(Self::TooMany),
            "Gone" => Ok(Self::Gone),
            "Rewound" => Ok(Self::Rewound),
            "Stopping" => Ok(Self::Stopping),
            "Failed" => Ok(Self::Failed),
            "NotAllowed" => Ok(Self::NotAllowed),
            "OtherJournal" => Ok(Self::OtherJournal),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for FollowEnd {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Denied => write!(f, "Denied"),
            Self::UnsupportedVersion => write!(f, "UnsupportedVersion"),
            Self::TooMany => write!(f, "TooMany"),
            Self::Gone => write!(f, "Gone"),
            Self::Rewound => write!(f, "Rewound"),
            Self::Stopping => write!(f, "Stopping"),
            Self::Failed => write!(f, "Failed"),
            Self::NotAllowed => write!(f, "NotAllowed"),
            Self::OtherJournal => write!(f, "OtherJournal"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}

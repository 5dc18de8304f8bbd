#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum RejectReason {
    Malformed = 0x1_u8,
    UnknownCommand = 0x2_u8,
    UnknownInstrument = 0x3_u8,
    InvalidSide = 0x4_u8,
    InvalidOrdType = 0x5_u8,
    InvalidTimeInForce = 0x6_u8,
    InvalidPrice = 0x7_u8,
    InvalidQuantity = 0x8_u8,
    DuplicateClOrdId = 0x9_u8,
    UnknownOrder = 0xa_u8,
    QuantityNotAboveFilled = 0xb_u8,
    InstrumentExists = 0xc_u8,
    InvalidInstrument = 0xd_u8,
    BookFull = 0xe_u8,
    Skipped = 0xf_u8,
    InvalidClOrdId = 0x10_u8,
    NotAllowed = 0x11_u8,
    #[default]
    NullVal = 0xff_u8,
}
impl From<u8> for RejectReason {
    #[inline]
    fn from(v: u8) -> Self {
        match v {
            0x1_u8 => Self::Malformed,
            0x2_u8 => Self::UnknownCommand,
            0x3_u8 => Self::UnknownInstrument,
            0x4_u8 => Self::InvalidSide,
            0x5_u8 => Self::InvalidOrdType,
            0x6_u8 => Self::InvalidTimeInForce,
            0x7_u8 => Self::InvalidPrice,
            0x8_u8 => Self::InvalidQuantity,
            0x9_u8 => Self::DuplicateClOrdId,
            0xa_u8 => Self::UnknownOrder,
            0xb_u8 => Self::QuantityNotAboveFilled,
            0xc_u8 => Self::InstrumentExists,
            0xd_u8 => Self::InvalidInstrument,
            0xe_u8 => Self::BookFull,
            0xf_u8 => Self::Skipped,
            0x10_u8 => Self::InvalidClOrdId,
            0x11_u8 => Self::NotAllowed,
            _ => Self::NullVal,
        }
    }
}
impl From<RejectReason> for u8 {
    #[inline]
    fn from(v: RejectReason) -> Self {
        match v {
            RejectReason::Malformed => 0x1_u8,
            RejectReason::UnknownCommand => 0x2_u8,
            RejectReason::UnknownInstrument => 0x3_u8,
            RejectReason::InvalidSide => 0x4_u8,
            RejectReason::InvalidOrdType => 0x5_u8,
            RejectReason::InvalidTimeInForce => 0x6_u8,
            RejectReason::InvalidPrice => 0x7_u8,
            RejectReason::InvalidQuantity => 0x8_u8,
            RejectReason::DuplicateClOrdId => 0x9_u8,
            RejectReason::UnknownOrder => 0xa_u8,
            RejectReason::QuantityNotAboveFilled => 0xb_u8,
            RejectReason::InstrumentExists => 0xc_u8,
            RejectReason::InvalidInstrument => 0xd_u8,
            RejectReason::BookFull => 0xe_u8,
            RejectReason::Skipped => 0xf_u8,
            RejectReason::InvalidClOrdId => 0x10_u8,
            RejectReason::NotAllowed => 0x11_u8,
            RejectReason::NullVal => 0xff_u8,
        }
    }
}
impl core::str::FromStr for RejectReason {
    type Err = ();

    #[inline]
    fn from_str(v: &str) -> core::result::Result<Self, Self::Err> {
        match v {
            "Malformed" => Ok(Self::Malformed),
            "UnknownCommand" => Ok(Self::UnknownCommand),
            "UnknownInstrument" => Ok(Self::UnknownInstrument),
            "InvalidSide" => Ok(Self::InvalidSide),
            "InvalidOrdType" => Ok(Self::InvalidOrdType),
            "InvalidTimeInForce" => Ok(Self::InvalidTimeInForce),
            "InvalidPrice" => Ok(Self::InvalidPrice),
            "InvalidQuantity" => Ok(Self::InvalidQuantity),
            "DuplicateClOrdId" => Ok(Self::DuplicateClOrdId),
            "UnknownOrder" => Ok(Self::UnknownOrder),
            "QuantityNotAboveFilled" => Ok(Self::QuantityNotAboveFilled),
            "InstrumentExists" => Ok(Self::InstrumentExists),
            "InvalidInstrument" => Ok(Self::InvalidInstrument),
            "BookFull" => Ok(Self::BookFull),
            "Skipped" => Ok(Self::Skipped),
            "InvalidClOrdId" => Ok(Self::InvalidClOrdId),
            "NotAllowed" => Ok(Self::NotAllowed),
            _ => Ok(Self::NullVal),
        }
    }
}
impl core::fmt::Display for RejectReason {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Malformed => write!(f, "Malformed"),
            Self::UnknownCommand => write!(f, "UnknownCommand"),
            Self::UnknownInstrument => write!(f, "UnknownInstrument"),
            Self::InvalidSide => write!(f, "InvalidSide"),
            Self::InvalidOrdType => write!(f, "InvalidOrdType"),
            Self::InvalidTimeInForce => write!(f, "InvalidTimeInForce"),
            Self::InvalidPrice => write!(f, "InvalidPrice"),
            Self::InvalidQuantity => write!(f, "InvalidQuantity"),
            Self::DuplicateClOrdId => write!(f, "DuplicateClOrdId"),
            Self::UnknownOrder => write!(f, "UnknownOrder"),
            Self::QuantityNotAboveFilled => write!(f, "QuantityNotAboveFilled"),
            Self::InstrumentExists => write!(f, "InstrumentExists"),
            Self::InvalidInstrument => write!(f, "InvalidInstrument"),
            Self::BookFull => write!(f, "BookFull"),
            Self::Skipped => write!(f, "Skipped"),
            Self::InvalidClOrdId => write!(f, "InvalidClOrdId"),
            Self::NotAllowed => write!(f, "NotAllowed"),
            Self::NullVal => write!(f, "NullVal"),
        }
    }
}

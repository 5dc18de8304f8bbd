//! Why bytes are no snapshot.

use std::error::Error;
use std::fmt;

/// What is wrong with the bytes, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotError {
    /// The name of the section; zeros outside of any.
    pub section: [u8; 4],
    /// In the bytes of the whole snapshot.
    pub offset: usize,
    /// What is there.
    pub fault: Fault,
}

/// See [`SnapshotError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The bytes begin as no snapshot of this kind does.
    Magic,
    /// The bytes are of a format that this release does not know.
    Version(u32),
    /// The bytes end before what they say they hold, or go on behind it.
    Length,
    /// The bytes of the section are not those that were written.
    Checksum,
    /// Another section than the one that belongs here.
    Section,
    /// A value that no engine can have come to.
    Value(&'static str),
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fault {
            Fault::Magic => write!(f, "these bytes are no snapshot of this kind"),
            Fault::Version(version) => {
                write!(f, "the snapshot has format version {version}, which this release does not know")
            }
            fault => {
                write!(f, "at byte {} of the snapshot", self.offset)?;
                if self.section != [0; 4] {
                    write!(f, ", section {:?}", String::from_utf8_lossy(&self.section))?;
                }
                match fault {
                    Fault::Value(what) => write!(f, ": {what}"),
                    Fault::Checksum => write!(f, ": the checksum does not match"),
                    Fault::Section => write!(f, ": another section belongs here"),
                    _ => write!(f, ": the snapshot ends too early or too late"),
                }
            }
        }
    }
}

impl Error for SnapshotError {}

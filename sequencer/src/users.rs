//! Whose a session is, and what that user may do. A logon brings both into the order, so a replay allows and refuses the same.

use crate::frame::{MESSAGE_HEADER_BYTES, MessageHeader};
use engine::logic::HALTS;
use messages::roles::Roles;
use messages::{
    ReadBuf, define_instrument_codec, drop_copy_codec, new_order_codec, open_session_codec, set_halt_codec,
    set_kill_switch_codec,
};

/// ASCII, padded with zeros.
pub type UserName = [u8; 16];

/// Who has the venue's own key; may do everything, with anybody's session.
pub const OPERATOR: UserName = [0; 16];

/// The version of the schema that brought users.
const USERS_SINCE: u16 = 1;

/// Every role that there is, and will be.
pub const ALL_ROLES: Roles = Roles(u8::MAX);

/// Who logs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User {
    /// All zeros for the operator.
    pub name: UserName,
    /// What this logon may do.
    pub roles: Roles,
}

impl User {
    /// Who opened a session, as the order says in an `OpenSession`; before there were users everybody was the operator. None if the
    /// message is cut short.
    pub fn of_opening(body: &[u8]) -> Option<Self> {
        let header = MessageHeader::read(body)?;
        if header.block_length < open_session_codec::SBE_BLOCK_LENGTH {
            return (header.version < USERS_SINCE).then(Self::default);
        }
        let bytes = body.get(..MESSAGE_HEADER_BYTES + usize::from(header.block_length))?;
        let fields = open_session_codec::OpenSessionDecoder::default().wrap(
            ReadBuf::new(bytes),
            MESSAGE_HEADER_BYTES,
            header.block_length,
            header.version,
        );
        Some(Self { name: fields.user(), roles: fields.roles() })
    }

    /// Whether this user may have a session that `owner` opened.
    #[inline]
    pub fn may_have(&self, owner: UserName) -> bool {
        self.name == owner || self.name == OPERATOR
    }
}

impl Default for User {
    fn default() -> Self {
        Self { name: OPERATOR, roles: ALL_ROLES }
    }
}

/// Whether these roles allow a command of this template: order entry and what a session sets for itself, or what runs the venue.
/// Logoffs and queries are everybody's; what is no command under these rules is for the engine to refuse. A drop copy has a
/// judge of its own, [`crate::drop_copy`].
#[inline]
pub fn allow(roles: Roles, template: u16, logic_version: u32) -> bool {
    match template {
        new_order_codec::SBE_TEMPLATE_ID..=drop_copy_codec::SBE_TEMPLATE_ID => roles.get_trade(),
        define_instrument_codec::SBE_TEMPLATE_ID..=set_kill_switch_codec::SBE_TEMPLATE_ID => roles.get_administer(),
        set_halt_codec::SBE_TEMPLATE_ID if logic_version >= HALTS => roles.get_administer(),
        _ => true,
    }
}

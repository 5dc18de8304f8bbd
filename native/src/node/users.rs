//! Whom a node knows, and how they prove it: each user has a key, and the one without a name has the venue's.

use hmac::{Hmac, KeyInit, Mac};
use messages::logon_codec::LogonDecoder;
use sequencer::users;
use sha2::Sha256;

/// One of them.
pub struct Known {
    /// Who logs on with it, and what they may do.
    pub user: users::User,
    /// Shared with that user.
    pub key: Vec<u8>,
}

/// See the module.
pub struct Users(pub Vec<Known>);

impl Users {
    /// Who proves in a logon to know their key by answering the challenge `nonce`; none if nobody does.
    pub fn prove(&self, nonce: &[u8; 32], logon: &LogonDecoder) -> Option<users::User> {
        let name = logon.user();
        let known = self.0.iter().find(|known| known.user.name == name)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&known.key).expect("any length of key is taken");
        mac.update(nonce);
        mac.update(&logon.session().to_le_bytes());
        mac.update(&logon.instance().to_le_bytes());
        mac.update(&[logon.resumes() as u8]);
        mac.update(&name);
        mac.verify_slice(&logon.proof()).ok().map(|()| known.user)
    }
}

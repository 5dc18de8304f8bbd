//! Whose simulated sessions are: some the operator's, most of users who may only trade, of whom every other may observe too.

use messages::roles::Roles;
use sequencer::users::User;

/// Who is nobody of these, may do everything, and wants everybody's session.
pub fn stranger() -> User {
    User { name: *b"stranger\0\0\0\0\0\0\0\0", ..User::default() }
}

/// Of the client at this place: the first is the operator, of the others each is a user of its own.
pub fn user(place: usize) -> User {
    let Some(letter) = (b'a'..=b'z').nth(place.wrapping_sub(1)) else { return User::default() };
    let mut name = [0; 16];
    name[0] = letter;
    User { name, roles: *Roles::default().set_trade(true).set_observe(place.is_multiple_of(2)) }
}

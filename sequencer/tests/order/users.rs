//! A session is its user's, and its commands are those that the user has a role for.

use crate::venue::{CONNECTION, Venue, command, new_order};
use engine::event::{Event, RejectReason};
use engine::logic::{HALTS, LOGIC_VERSION_MIN};
use engine::{LOGIC_VERSION, message};
use messages::durability::Durability::Fsync;
use messages::refusal_reason::RefusalReason;
use messages::{define_instrument_codec, mass_cancel_codec, new_order_codec, roles::Roles, set_halt_codec};
use sequencer::frame::MESSAGE_HEADER_BYTES;
use sequencer::intake::Claim;
use sequencer::users::{ALL_ROLES, OPERATOR, User, allow};

const TRADE: Roles = Roles(1);
const ADMINISTER: Roles = Roles(2);

fn of(letter: u8, session: u32, roles: Roles) -> Claim {
    let mut name = [0; 16];
    name[0] = letter;
    Claim { session, user: User { name, roles }, ..Claim::default() }
}

fn define() -> Vec<u8> {
    let header = message::header(define_instrument_codec::SBE_BLOCK_LENGTH, define_instrument_codec::SBE_TEMPLATE_ID);
    let one = [1, 0, 0, 0, 0, 0, 0, 0, 0];
    [header.as_slice(), &1_u32.to_le_bytes(), b"OAK\0\0\0\0\0\0\0\0\0\0\0\0\0", &one, &one].concat()
}

fn reasons(venue: &Venue) -> Vec<Option<(u16, RejectReason)>> {
    let rejection = |event: &Event| match event {
        Event::Rejected(rejected) => Some((rejected.template, rejected.reason)),
        _ => None,
    };
    venue.told.0.iter().flat_map(|(_, _, events)| events.iter().map(rejection)).collect()
}

#[test]
fn what_a_user_has_no_role_for_is_rejected_and_named() {
    let mut venue = Venue::new(Fsync);
    let trader = venue.sequencer.open_session(of(b'a', 0, TRADE), CONNECTION).expect("a new session");
    venue.send(&command(trader, 1, &define()));
    venue.send(&command(trader, 2, &[1]));
    let administrator = venue.sequencer.open_session(of(b'b', 0, ADMINISTER), CONNECTION).expect("a new session");
    venue.send(&command(administrator, 1, &define()));
    venue.send(&command(administrator, 2, &new_order(1)));
    let mass_cancel = message::header(mass_cancel_codec::SBE_BLOCK_LENGTH, mass_cancel_codec::SBE_TEMPLATE_ID);
    venue.send(&command(
        administrator,
        3,
        &[mass_cancel.as_slice(), &[0; mass_cancel_codec::SBE_BLOCK_LENGTH as usize]].concat(),
    ));
    venue.send(&command(trader, 3, &new_order(1)));
    venue.settle();
    let denied = |template| Some((template, RejectReason::NotAllowed));
    let expected = [
        denied(define_instrument_codec::SBE_TEMPLATE_ID),
        Some((0, RejectReason::Malformed)),
        None,
        denied(new_order_codec::SBE_TEMPLATE_ID),
        denied(mass_cancel_codec::SBE_TEMPLATE_ID),
        None,
    ];
    assert_eq!(reasons(&venue), expected);
    assert_eq!(venue.replayed().state_hash(), venue.sequencer.replica().state_hash());
}

#[test]
fn every_command_of_the_engine_needs_a_role() {
    for logic_version in LOGIC_VERSION_MIN..=LOGIC_VERSION {
        let known = |template: u16| {
            let bytes = [message::header(0, template).as_slice(), &[0; 8]].concat();
            !matches!(engine::decode(&bytes, logic_version), Err(refusal) if refusal.reason == RejectReason::UnknownCommand)
        };
        let commands: Vec<u16> = (0..=u16::MAX).filter(|&template| known(template)).collect();
        assert!(commands.len() >= 6);
        for template in commands {
            assert!(!allow(Roles(0), template, logic_version), "{template}");
            assert!(allow(TRADE, template, logic_version) != allow(ADMINISTER, template, logic_version), "{template}");
        }
    }
    assert!(allow(Roles(0), set_halt_codec::SBE_TEMPLATE_ID, HALTS - 1), "the engine refuses it");
}

#[test]
fn a_session_is_its_users_and_the_operators_also_after_a_restart() {
    let mut venue = Venue::new(Fsync);
    let first = venue.sequencer.open_session(of(b'a', 0, TRADE), CONNECTION).expect("a new session").session;
    for round in 0..2 {
        let stranger = venue.sequencer.open_session(of(b'b', first, ALL_ROLES), CONNECTION + 1);
        assert_eq!(stranger, Err(RefusalReason::AnotherUsers), "round {round}");
        venue.sequencer.open_session(of(b'a', first, TRADE), CONNECTION).expect("its own");
        venue.settle();
        venue = venue.restarted(Fsync);
    }
    let claim = Claim { session: first, ..Claim::default() };
    assert_eq!(claim.user.name, OPERATOR);
    let operator = venue.sequencer.open_session(claim, CONNECTION).expect("anybody's");
    venue.send(&command(operator, 1, &define()));
    venue.settle();
    assert_eq!(reasons(&venue), [None]);
    let mut venue = venue.restarted(Fsync);
    venue.sequencer.open_session(of(b'a', first, TRADE), CONNECTION).expect("still its own");
}

#[test]
fn an_opening_of_the_schema_before_users_is_the_operators_and_one_cut_short_is_none() {
    let opening = |version: u8, length: u8| {
        let header = [length, 0, 30, 0, 0xb5, 0x14, version, 0];
        [header.as_slice(), &vec![0; usize::from(length)]].concat()
    };
    assert_eq!(User::of_opening(&opening(0, 16)), Some(User::default()));
    assert_eq!(User::of_opening(&opening(1, 16)), None);
    assert_eq!(User::of_opening(&opening(1, 33)[..MESSAGE_HEADER_BYTES + 32]), None);
    assert_eq!(User::of_opening(&opening(1, 33)), Some(User { name: OPERATOR, roles: Roles(0) }));
}

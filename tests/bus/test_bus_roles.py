"""Users: each has a key and roles of its own; sessions are their users', and the order knows who may do what."""

from pathlib import Path

import pytest

from seriatim.client import Client
from seriatim.config import ClientConfig, NodeConfig
from seriatim.engine import EventKind, MassCancel
from seriatim.errors import ConfigError, LogonRefused
from seriatim.schemas import OptionalSide, RefusalReason, RejectReason, Roles
from seriatim.sequencer.node import Node
from seriatim.tools.journal.state import journal_state
from seriatim.tools.venue import Venue
from seriatim.trust import write_key
from seriatim.users import User, read_users
from tests.bus.bus_help import SMALL_SEGMENTS, instrument, order

KEYS = {"": b"venue", "desk": b"desk's", "floor": b"floor's", "control": b"control's", "desk-2": b"desk 2's"}
USERS = (
    User("desk", KEYS["desk"], Roles.TRADE),
    User("floor", KEYS["floor"], Roles.TRADE | Roles.ADMINISTER),
    User("control", KEYS["control"], Roles.ADMINISTER | Roles.OBSERVE),
)


@pytest.fixture
def config(tmp_path: Path, aeron_dir: str) -> NodeConfig:
    return NodeConfig(
        journal=tmp_path / "journal",
        aeron_dir=aeron_dir,
        own_driver=False,
        key=KEYS[""],
        users=USERS,
        segment_bytes=2 << 20,
    )


def client(config: NodeConfig, user: str, session: int = 0) -> Client:
    return Client(ClientConfig(aeron_dir=config.aeron_dir, user=user, key=KEYS[user]), session=session)


def answer(client: Client, message: object) -> tuple[int, int]:
    """Kind and reject reason of what became of a command."""
    event = client.call(message)[0]
    return event["kind"], event["reason"]


def test_each_may_do_what_its_roles_say_and_a_replay_agrees(config: NodeConfig):
    denied = (EventKind.REJECTED, RejectReason.NOT_ALLOWED)
    node = Node(config)
    node.start()
    try:
        with client(config, "desk") as desk, client(config, "control") as control:
            assert answer(desk, instrument()) == denied
            assert answer(desk, order(1)) == (EventKind.REJECTED, RejectReason.UNKNOWN_INSTRUMENT)
            assert answer(control, instrument())[0] == EventKind.INSTRUMENT_DEFINED
            assert answer(control, order(1)) == denied
            assert answer(control, MassCancel(None, OptionalSide.BOTH)) == denied
            assert answer(desk, order(1))[0] == EventKind.ACCEPTED
        with client(config, "floor") as floor, client(config, "") as operator:
            for both in (floor, operator):
                assert answer(both, instrument())[0] == EventKind.INSTRUMENT_DEFINED
                assert answer(both, order(1))[0] == EventKind.ACCEPTED
    finally:
        state = node.stop()
    assert journal_state(config.journal, key=config.key)["state_hash"] == state.as_dict()["state_hash"]


def test_a_session_is_its_users_and_the_operators(config: NodeConfig):
    with Node(config):
        with client(config, "desk") as desk:
            session = desk.session
        with pytest.raises(LogonRefused, match="belongs to another user") as refused:
            client(config, "floor", session).connect()
        assert refused.value.reason == RefusalReason.ANOTHER_USERS
    with Node(config):
        for user in ("desk", "", "desk"):
            with client(config, user, session) as theirs:
                assert theirs.session == session
        with pytest.raises(LogonRefused, match="another user"):
            client(config, "control", session).connect()


@pytest.mark.parametrize(("user", "key"), [("desk", "floor"), ("desk", ""), ("", "desk"), ("desk-2", "desk-2")])
def test_a_user_is_who_has_the_users_key(config: NodeConfig, user: str, key: str):
    with Node(config), pytest.raises(LogonRefused, match="user") as refused:
        Client(ClientConfig(aeron_dir=config.aeron_dir, user=user, key=KEYS[key])).connect()
    assert refused.value.reason == RefusalReason.LOGON_DENIED


USERS_FILE = '[desk]\nkey-file = "desk.key"\nroles = ["trade"]\n[control]\nkey-file = "desk.key"\nroles = ["observe"]\n'


def test_users_come_from_a_file_beside_their_keys(tmp_path: Path):
    write_key(tmp_path / "desk.key")
    (tmp_path / "users.toml").write_text(USERS_FILE)
    desk, control = read_users(tmp_path / "users.toml")
    assert (desk.name, desk.roles, control.name, control.roles) == ("desk", Roles.TRADE, "control", Roles.OBSERVE)
    assert desk.key + b"\n" == (tmp_path / "desk.key").read_bytes()
    assert repr(desk.key) not in repr(desk)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lists no user"),
        ("[desk", "no list of users in TOML"),
        ("desk = 1", "user 'desk' needs key-file and roles"),
        ('[desk]\nkey-file = "desk.key"', "needs key-file and roles"),
        ('[desk]\nkey-file = "desk.key"\nroles = ["trade"]\nshoe = 1', "nothing else"),
        ('[desk]\nkey-file = "none.key"\nroles = ["trade"]', "none.key"),
        ('[desk]\nkey-file = "desk.key"\nroles = ["king"]', "trade, administer, observe"),
        ('[desk]\nkey-file = "desk.key"\nroles = []', "has no role"),
        ('["a b"]\nkey-file = "desk.key"\nroles = ["trade"]', "no user's name"),
        (f'[{"x" * 17}]\nkey-file = "desk.key"\nroles = ["trade"]', "no user's name"),
        ('[""]\nkey-file = "desk.key"\nroles = ["trade"]', "has no name"),
        ('[desk]\nkey-file = 1\nroles = ["trade"]', "name of a file"),
    ],
)
def test_what_is_wrong_in_a_file_of_users_is_named(tmp_path: Path, text: str, said: str):
    write_key(tmp_path / "desk.key")
    (tmp_path / "users.toml").write_text(text)
    with pytest.raises(ConfigError, match=said) as error:
        read_users(tmp_path / "users.toml")
    assert "users.toml" in str(error.value)


def test_users_without_a_venues_key_or_with_one_name_are_refused(tmp_path: Path):
    with pytest.raises(ConfigError, match="anybody could log on as the operator"):
        NodeConfig(journal=tmp_path, users=USERS)
    with pytest.raises(ConfigError, match="two users have the name 'desk'"):
        NodeConfig(journal=tmp_path, key=b"venue", users=(*USERS, USERS[0]))


def test_a_node_takes_its_users_from_the_command_line(journal: Path, tmp_path: Path):
    for name in ("venue.key", "desk.key"):
        write_key(tmp_path / name)
    (tmp_path / "users.toml").write_text(USERS_FILE)
    options = ("--key-file", str(tmp_path / "venue.key"), "--users", str(tmp_path / "users.toml"))
    with Venue(journal, options=(*SMALL_SEGMENTS, *options)) as venue:
        key = (tmp_path / "desk.key").read_bytes().strip()
        with Client(venue.client_config(user="desk", key=key)) as desk:
            assert answer(desk, instrument()) == (EventKind.REJECTED, RejectReason.NOT_ALLOWED)

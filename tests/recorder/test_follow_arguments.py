"""What a follower or a reader of the log may be asked for, and what it says when it is closed."""

from pathlib import Path
from typing import Any

import pytest

import seriatim
from seriatim.config import IPC
from seriatim.errors import ConfigError
from seriatim.journal import JournalClosed
from seriatim.journal.event_log import EventLog

NONSENSE: list[tuple[str, list[Any]]] = [
    ("from_seq", ["5", None, 5.5, 2**64, 0, -1]),
    ("from_index", ["a", -1, 2**40, None]),
    ("epoch", [0, -1, "x", 2**40]),
    ("behind_max", [-1, "x", 1.5]),
    ("key", ["abc", None]),
    ("user", [None, "a b", "x" * 17]),
    ("timeout_s", ["a", -1, 0, float("nan"), None]),
    ("reconnect_s", ["a", -1, float("nan")]),
    ("aeron_dir", ["", 5]),
    ("channel", [5, "", "bogus", "aeron:udp"]),
    ("response_channel", [5, "", "bogus"]),
]


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in NONSENSE for value in values])
def test_an_argument_that_makes_no_sense_is_named_before_anything_is_opened(tmp_path: Path, name: str, value: Any):
    elsewhere: dict[str, Any] = {"channel": IPC, "aeron_dir": str(tmp_path / "no-driver"), "timeout_s": 0.1}
    with pytest.raises(ConfigError, match=name):
        seriatim.follow(**{**elsewhere, name: value})


@pytest.mark.parametrize("folder", ["journal", "log"])
def test_a_follower_is_here_or_elsewhere(recorded: Path, folder: str):
    named: dict[str, Any] = {folder: recorded / folder}
    with pytest.raises(ConfigError, match="one or the other"):
        seriatim.follow(1, "events", channel=IPC, **named)
    with pytest.raises(ConfigError, match=f"{folder} is ''"):
        seriatim.follow(1, "events", **{folder: ""})  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(("session", "number"), [(-1, 1), (2**40, 1), ("a", 1), (1, 2**64), (1, -1), (1, 1.5)])
def test_what_is_no_command_is_refused(recorded: Path, session: Any, number: Any):
    with EventLog(recorded / "log") as log, pytest.raises(ValueError, match=r"session|number"):
        log.of_command(session, number)


@pytest.mark.parametrize("seq", [0, -5, 2**64, "a"])
def test_what_is_no_seq_is_refused(recorded: Path, seq: Any):
    with EventLog(recorded / "log") as log, pytest.raises(ValueError, match="seq is"):
        next(log.range(seq, 7))


def test_a_log_that_is_closed_answers_nothing(recorded: Path):
    log = EventLog(recorded / "log")
    log.close()
    for ask in (lambda: log.first_seq, lambda: log.next_seq, lambda: log.of_command(1, 1), lambda: log.at(1)):
        with pytest.raises(JournalClosed):
            ask()
    log.close()


@pytest.mark.parametrize("named", [{"journal": "journal"}, {"log": "log"}])
def test_a_follower_that_is_closed_gives_nothing(recorded: Path, named: dict[str, str]):
    folders: dict[str, Any] = {name: recorded / folder for name, folder in named.items()}
    follow = seriatim.follow(1, "events", **folders)
    assert follow.next_seq == 1
    follow.close()
    with pytest.raises(JournalClosed):
        follow.poll()
    follow.close()

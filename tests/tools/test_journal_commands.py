"""`seriatim journal` on a journal that a node wrote."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from written_journal import Written

from seriatim.journal import Block, JournalDamaged, JournalReader, JournalWriter, Meta
from seriatim.schemas import SCHEMA, CancelOrder, Command, DefineInstrument, OpenSession, Roles
from seriatim.schemas.dynamic import bundled_ir
from seriatim.tools.journal import command
from seriatim.tools.journal.decode import command_decoder

STATE_KEYS = ("seq", "outcome_hash", "state_hash", "epoch", "live_orders", "sessions", "last_order_id")


def run(*arguments: object) -> str:
    """What `seriatim journal …` prints."""
    result = CliRunner().invoke(command, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def dumped(folder: Path, *arguments: object) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("dump", folder, "--json", *arguments).splitlines()]


def test_state_gives_the_hashes_that_the_node_gave_when_it_stopped(written: Written):
    state = json.loads(run("state", written.folder, "--json"))
    assert {key: state[key] for key in STATE_KEYS} == {key: written.state[key] for key in STATE_KEYS}
    assert state["live_orders"] == 50
    assert state["messages"] == state["seq"]
    assert state["messages_per_second"] > 0
    with JournalReader(written.folder) as reader:
        lengths = [len(block) for block in reader]
    assert (state["blocks"], state["bytes"]) == (len(lengths), sum(lengths))


def test_state_for_people_is_a_table_of_the_same(written: Written):
    text = run("state", written.folder)
    assert written.state["outcome_hash"] in text
    assert "messages/s" in text


def test_state_shows_no_progress_in_a_pipe(written: Written):
    arguments = [sys.executable, "-m", "seriatim", "journal", "state", str(written.folder), "--json"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    assert json.loads(done.stdout)["state_hash"] == written.state["state_hash"]


def test_state_says_that_a_journal_ends_before_its_commit_position(written: Written, tmp_path: Path):
    short = tmp_path / "short"
    shutil.copytree(written.folder, short)
    with Meta(short) as meta:
        meta.set_commit(written.state["index"] + 1)
    with pytest.raises(JournalDamaged, match=f"was committed up to {written.state['index'] + 1}: segments are missing"):
        run("state", short)


def test_info_says_what_is_there(written: Written):
    info = json.loads(run("info", written.folder, "--json"))
    assert info["last_seq"] == written.state["seq"]
    assert info["schema_versions"] == [SCHEMA.version]
    assert not info["running"]
    assert info["term"] == 1
    assert "closed cleanly" in run("info", written.folder)
    assert "term 1" in run("info", written.folder)


def test_dump_names_every_message_and_its_fields(written: Written):
    messages = dumped(written.folder)
    assert [message["seq"] for message in messages] == list(range(1, written.state["seq"] + 1))
    names = [message["body"]["message"] for message in messages]
    assert names[:3] == ["OpenEpoch", "OpenSession", "DefineInstrument"]
    assert names.count("NewOrder") == 101
    buy = next(message["body"] for message in messages if message["body"]["fields"].get("side") == "BUY")
    assert (buy["session"], buy["number"]) == (1, 102)
    assert buy["fields"] == {
        "cl_ord_id": 1_000,
        "price": 100,
        "order_qty": 50,
        "instrument": 1,
        "account": 0,
        "side": "BUY",
        "ord_type": "LIMIT",
        "time_in_force": "GOOD_TILL_CANCEL",
    }


def test_dump_starts_and_ends_where_it_is_told(written: Written):
    assert [message["seq"] for message in dumped(written.folder, "--from-seq", 5, "--count", 2)] == [5, 6]
    assert dumped(written.folder, "--count", 0) == []
    assert len(run("dump", written.folder).splitlines()) == 51


def test_dump_says_that_it_stopped_and_how_to_go_on(written: Written):
    def said(*arguments: object) -> str:
        return CliRunner().invoke(command, ["dump", str(written.folder), *map(str, arguments)]).stderr

    last_seq = written.state["seq"]
    how = "go on with --from-seq 51, or ask for more with --count"
    assert said() == f"stopped after 50 messages, at seq 50 of {last_seq}: {how}\n"
    assert said("--from-seq", last_seq - 49) == ""  # the last 50
    assert said("--count", 3) == said("--json") == ""


@pytest.mark.parametrize("form", [(), ("--json",), ("--count", "3")])
def test_dump_says_that_the_order_ends_before_the_message_that_it_is_to_begin_with(
    written: Written, form: tuple[str, ...]
):
    last_seq = written.state["seq"]
    arguments = [sys.executable, "-m", "seriatim", "journal", "dump", str(written.folder), *form, "--from-seq"]
    done = subprocess.run([*arguments, f"{last_seq + 1}"], capture_output=True, text=True, check=False, timeout=60)
    says = f"seriatim: there is no seq {last_seq + 1} in {written.folder}: its order ends with seq {last_seq}\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", says)


def test_dump_of_an_order_without_messages_says_so(tmp_path: Path):
    _writer(tmp_path, bundled_ir()).close()
    result = CliRunner().invoke(command, ["dump", str(tmp_path)], catch_exceptions=False)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", f"there is no message in {tmp_path} yet\n")


def test_dump_names_the_roles_of_the_operator_and_of_a_user(written: Written, tmp_path: Path):
    opened = next(line for line in run("dump", written.folder).splitlines() if " OpenSession " in line)
    assert " roles=[ALL] " in opened
    assert "bit 3" not in opened
    with _writer(tmp_path, bundled_ir()) as writer:
        body = OpenSession(session=1, session_epoch=1, instance=1, user="desk", roles=Roles.TRADE | Roles.OBSERVE)
        writer.append(1, Block.build(1, 1, [_command_frame(body.encode())]).data)
    assert " roles=[TRADE, OBSERVE] " in run("dump", tmp_path)


def test_dump_for_people_is_one_message_a_line(written: Written):
    header, line = run("dump", written.folder, "--from-seq", 3, "--count", 1).splitlines()
    assert header.split() == ["seq", "time,", "UTC", "message", "[its", "block", "and", "frame]"]
    message, _, frame = line.partition("  [")
    assert re.fullmatch(r" +3  [-0-9]{10} [:.0-9]{18}  DefineInstrument instrument=1 symbol=OAK .*", message)
    assert "tick_size={mantissa=1 exponent=0}" in message
    assert "crc=" not in message
    assert re.fullmatch(r"block=\d+ epoch=1 number=1 .*session=1 .*crc=\d+ body_length=\d+\]", frame)


def test_dump_raw_gives_the_bytes(written: Written):
    raw = bytes.fromhex(dumped(written.folder, "--raw", "--from-seq", 3, "--count", 1)[0]["body"])
    assert DefineInstrument.wrap(raw, Command.wrap(raw).encoded_length).symbol == "OAK"


def test_dump_reads_by_the_schema_in_the_journal_and_not_by_our_own(tmp_path: Path):
    other = bundled_ir().replace(b"CancelOrder", b"RevokeOrder")
    _writer(tmp_path, other).close()
    frame = _command_frame(CancelOrder(orig_cl_ord_id=7).encode())
    decoded = command_decoder(tmp_path)(memoryview(frame))
    assert (decoded["message"], decoded["fields"]) == ("RevokeOrder", {"orig_cl_ord_id": 7})


def test_dump_tells_what_it_cannot_decode_and_goes_on(tmp_path: Path):
    with _writer(tmp_path, bundled_ir()) as writer:
        frames = [b"no frame", _command_frame(b"\x00" * 4), _command_frame(bytes(2) + bytes.fromhex("2100 b514 0000"))]
        writer.append(1, Block.build(1, 1, frames).data)
    first, second, third = (message["body"] for message in dumped(tmp_path))
    assert first["bytes"] == b"no frame".hex()
    assert (second["session"], second["bytes"]) == (1, "00000000")
    assert "header" in second["error"]
    assert third["message"] == "Tick"


@pytest.mark.parametrize("name", ["state", "info", "dump"])
def test_a_folder_that_is_no_journal_is_one_sentence_and_exit_code_1(name: str, tmp_path: Path):
    arguments = [sys.executable, "-m", "seriatim", "journal", name, str(tmp_path)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("seriatim: there is no journal in")
    assert len(done.stderr.splitlines()) == 1


def _writer(folder: Path, ir: bytes) -> JournalWriter:
    options = {"schema_ir": ir, "schema_version": SCHEMA.version, "segment_bytes": 1 << 20, "spares": 0}
    return JournalWriter(folder, randomness=random.Random(1).randbytes, **options)


def _command_frame(body: bytes) -> bytes:
    header = Command(number=1, acked_through=0, session=1, session_epoch=1, crc=0, body_length=len(body))
    return header.encode() + body


@pytest.mark.parametrize("words", ["node", "journal info", "journal state", "admin show"])
def test_a_folder_name_that_is_not_utf_8_is_a_sentence_and_leaves_nothing(words: str, tmp_path: Path):
    arguments = [sys.executable, "-m", "seriatim", *words.split(), os.fsencode(tmp_path) + b"/bad\xff"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert re.fullmatch(r"seriatim: the name \S*/bad\\udcff is not UTF-8; give .* that is\n", done.stderr)
    assert not list(tmp_path.iterdir())

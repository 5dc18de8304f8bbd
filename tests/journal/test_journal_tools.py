"""What `seriatim journal info` and `dump` are made of."""

import io
import json
from pathlib import Path

import pytest
from journal_chain import open_writer, write_blocks
from rich.console import Console

from seriatim.journal import NotAJournal
from seriatim.tools.journal.inspect import dump_messages, journal_info, message_line, show_info


def shown(renderable: object) -> str:
    out = io.StringIO()
    Console(file=out, width=160).print(renderable)
    return out.getvalue()


def test_info_says_what_the_journal_holds(folder: Path):
    write_blocks(folder, 4)
    write_blocks(folder, 6, messages=5)
    info = journal_info(folder)
    assert (info.first_index, info.last_index, info.blocks) == (1, 10, 10)
    assert (info.first_seq, info.last_seq, info.commit_index) == (1, 42, 10)
    assert [(entry.first_index, entry.last_index) for entry in info.segments] == [(1, 4), (5, 10)]
    assert not info.running
    assert json.loads(json.dumps(info.as_dict()))["node_id"] == info.node_id
    text = shown(show_info(info))
    assert "seq 1 to 42" in text
    assert "closed cleanly" in text
    assert "00000000000000000005.lmdb" in text


def test_info_of_a_live_journal_without_a_block(folder: Path):
    with open_writer(folder):
        info = journal_info(folder)
        assert info.running
        assert info.blocks == 0
        assert "none yet" in shown(show_info(info))


def test_dump_starts_and_ends_where_it_is_told(folder: Path):
    write_blocks(folder, 4)
    seqs = [message.seq for message in dump_messages(folder, from_seq=5, count=4)]
    assert seqs == [5, 6, 7, 8]
    assert [message.seq for message in dump_messages(folder, from_seq=11)] == [11, 12]
    assert list(dump_messages(folder, from_seq=99)) == []
    assert list(dump_messages(folder, count=0)) == []


def test_dump_decodes_bodies_when_it_is_told_how(folder: Path):
    write_blocks(folder, 1, message_bytes=2)
    raw = next(iter(dump_messages(folder)))
    assert raw.body == "0001"
    assert json.loads(json.dumps(raw.as_dict()))["seq"] == 1
    decoded = list(dump_messages(folder, decode=lambda body: {"length": len(body)}))
    assert "length=2" in message_line(decoded[0])
    assert "1970-01-01 00:00:00.000000001" in message_line(decoded[0])


def test_a_folder_without_a_journal_is_named(tmp_path: Path):
    with pytest.raises(NotAJournal, match="no journal"):
        journal_info(tmp_path)
    with pytest.raises(NotAJournal, match="no journal"):
        list(dump_messages(tmp_path))

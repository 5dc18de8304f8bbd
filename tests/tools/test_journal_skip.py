"""`seriatim journal skip` of what cannot be skipped."""

import sys
from pathlib import Path

import pytest
from written_journal import Written

from seriatim.tools.main import main


def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    monkeypatch.setattr(sys, "argv", ["seriatim", "journal", "skip", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 1
    return capsys.readouterr().err


def test_a_seq_that_the_journal_does_not_hold_is_said(
    written: Written, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    last_seq = written.state["seq"]
    for seq in (last_seq + 1, 2**64, 2**80):
        error = refused(monkeypatch, capsys, seq, written.folder)
        assert f"there is no seq {seq} in {written.folder}: its order ends with seq {last_seq}" in error
    assert "can be executed; there is nothing to skip" in refused(monkeypatch, capsys, last_seq, written.folder)


def test_a_folder_without_a_journal_is_said_and_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert "there is no journal in" in refused(monkeypatch, capsys, 5, tmp_path / "nope")
    assert "there is no journal in" in refused(monkeypatch, capsys, 5, tmp_path)
    assert list(tmp_path.iterdir()) == []

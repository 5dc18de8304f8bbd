"""A file that holds no key is never taken for the empty key, which everybody knows."""

import sys
from pathlib import Path

import pytest

from seriatim.errors import ConfigError
from seriatim.limits import KEY_BYTES_MAX
from seriatim.tools.main import main
from seriatim.trust import read_key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "venue.key"


def test_without_a_file_the_key_is_empty():
    assert read_key(None) == b""


@pytest.mark.parametrize("blank", [b"", b"\n", b"\r\n", b"  \t\n\n"])
@pytest.mark.parametrize("command", [("node",), ("recorder", "j"), ("journal", "state"), ("journal", "skip", "1")])
def test_every_command_refuses_a_file_without_a_key(
    path: Path, command: tuple[str, ...], blank: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    path.write_bytes(blank)
    folder = str(path.with_name("folder"))
    monkeypatch.setattr(sys, "argv", ["seriatim", *command, folder, "--key-file", str(path)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 1
    assert f"{path} holds no key" in capsys.readouterr().err
    assert not Path(folder).exists()


def test_only_one_newline_at_the_end_is_not_part_of_a_key(path: Path):
    for held, key in ((b"k\n", b"k"), (b"k\r\n", b"k"), (b" \x00k\t\n\n", b" \x00k\t\n"), (b"\x0b\x85 ", b"\x0b\x85 ")):
        path.write_bytes(held)
        assert read_key(path) == key


def test_a_file_that_is_no_key_is_not_read_to_its_end(path: Path):
    path.write_bytes(bytes([1]) * KEY_BYTES_MAX)
    assert len(read_key(path)) == KEY_BYTES_MAX
    with pytest.raises(ConfigError, match="/dev/zero is larger than any key, 4096 bytes"):
        read_key(Path("/dev/zero"))

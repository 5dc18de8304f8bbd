"""A journal with its event log, and a driver that stays when nodes and recorders come and go."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bus.bus_help import outside_driver
from tests.recorder.recorder_help import make_journal, record_once


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `journal` (two epochs) and `log`; not to be changed."""
    folder = tmp_path_factory.mktemp("recorded")
    make_journal(folder / "journal", starts=2)
    record_once(folder / "journal", folder / "log")
    return folder


@pytest.fixture
def copied(recorded: Path, tmp_path: Path) -> Path:
    """The same, to be damaged."""
    return Path(shutil.copytree(recorded, tmp_path / "copied"))


@pytest.fixture(scope="module")
def aeron_dir() -> Iterator[str]:
    """The folder of a driver that stays."""
    with outside_driver() as folder:
        yield folder

"""What the tests of the commands share."""

import pytest
from written_journal import Written, write_journal


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A journal that a node wrote; to read only."""
    return write_journal(tmp_path_factory.mktemp("written") / "journal")

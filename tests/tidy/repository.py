"""The tracked files of the repository, by kind."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
GENERATED = ("schemas/messages.py", "schemas/rust/src/")
LOCKS = ("Cargo.lock", "native/aeron-source/Cargo.lock", "constraints.txt")


@cache
def tracked() -> tuple[str, ...]:
    """Every file under version control, and those that are new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout
    return tuple(sorted(name for name in listed.splitlines() if (ROOT / name).is_file()))


def written(*endings: str) -> list[str]:
    """Tracked files with one of these endings that people write."""
    return [name for name in tracked() if name.endswith(endings) and not name.startswith(GENERATED)]


def text(name: str) -> str:
    """A file's text."""
    return (ROOT / name).read_text(encoding="utf-8")

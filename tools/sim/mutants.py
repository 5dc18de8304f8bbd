"""Bugs put into the cores on purpose, to see that the simulator finds them.

The cores stay as they are: a copy of them gets every bug of `simulator/mutants` at once, each asleep until
its number is chosen, and is built once.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from seriatim.errors import ConfigError
from seriatim.simulator.mutants import MUTANTS, Mutant
from seriatim.tools.output import progress

ROOT = Path(__file__).resolve().parents[2]
CRATES = ("schemas/rust", "engine", "sequencer", "simulator")
MEMBERS = re.compile(r"^members = \[.*?\]", re.MULTILINE | re.DOTALL)
SWITCH = """
static PLANTED: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
/// Wakes a planted bug.
pub fn plant(number: u32) {
    PLANTED.store(number, std::sync::atomic::Ordering::Relaxed);
}
pub(crate) fn planted(number: u32) -> bool {
    PLANTED.load(std::sync::atomic::Ordering::Relaxed) == number
}
"""
BUILD_TIMEOUT_S = 600
HUNT_TIMEOUT_S = 600


def hunt(seeds: int, steps: int, root: Path = ROOT) -> list[dict[str, Any]]:
    """Plants one bug after the other; gives name, how many seeds it took (None: not found) and what the judge said.

    Raises ConfigError if the sources or cargo are not at hand, or if a bug no longer fits the source.
    """
    if not (root / "Cargo.toml").exists() or shutil.which("cargo") is None:
        raise ConfigError("planting bugs needs a checkout of the sources and cargo")
    program = build(root)
    found = []
    with progress("planting bugs", len(MUTANTS)) as advance_to:
        for number, mutant in enumerate(MUTANTS, 1):
            command = [str(program), str(number), str(seeds), str(steps)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=HUNT_TIMEOUT_S, check=True)
            found.append({"name": mutant.name, **json.loads(done.stdout)})
            advance_to(number)
    return found


def build(root: Path) -> Path:
    """Copies the crates, plants every bug and builds the program that hunts them."""
    copy = root / "build" / "mutants"
    shutil.rmtree(copy, ignore_errors=True)
    for crate in CRATES:
        shutil.copytree(root / crate, copy / crate, ignore=shutil.ignore_patterns("*.py", "__pycache__", "tests"))
    manifest = (root / "Cargo.toml").read_text()
    (copy / "Cargo.toml").write_text(MEMBERS.sub(f"members = {json.dumps(list(CRATES))}", manifest))
    shutil.copy(root / "Cargo.lock", copy)
    library = copy / "sequencer" / "src" / "lib.rs"
    library.write_text(library.read_text() + SWITCH)
    for number, mutant in enumerate(MUTANTS, 1):
        plant(copy, number, mutant)
    hunter = copy / "simulator" / "src" / "bin"
    hunter.mkdir()
    shutil.copy(root / "simulator" / "mutants" / "hunt.rs", hunter)
    target = root / "build" / "mutants-target"
    settings = ["profile.release.lto=false", "profile.release.codegen-units=16", "profile.release.opt-level=1"]
    command = ["cargo", "build", "--quiet", "--release", "--bin", "hunt", "--target-dir", str(target)]
    command += [word for setting in settings for word in ("--config", setting)]
    built = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=BUILD_TIMEOUT_S, check=False)
    if built.returncode:
        raise ConfigError(f"the planted sources do not build:\n{built.stderr}")
    return target / "release" / "hunt"


def plant(copy: Path, number: int, mutant: Mutant) -> None:
    """Puts one bug to sleep in its place, which must be there exactly once."""
    for edit in mutant.edits:
        path = copy / edit.file
        source = path.read_text()
        if source.count(edit.sound) != 1:
            raise ConfigError(f"the bug {mutant.name!r} no longer fits {edit.file}: {edit.sound!r} is not there once")
        path.write_text(source.replace(edit.sound, edit.planted.replace("PLANTED", f"crate::planted({number})")))

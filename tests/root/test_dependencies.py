"""docs/DEPENDENCIES.md names what is declared, at the version that is locked."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/DEPENDENCIES.md").read_text()


def locked() -> dict[str, str]:
    """Version by Python package."""
    lines = (ROOT / "constraints.txt").read_text().split()
    return {name.lower(): version for name, version in (line.split("==") for line in lines)}


def test_every_python_dependency_has_a_line_with_its_locked_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for requirement in declared:
        name = re.split(r"[\[<>=]", requirement)[0]
        line = next((line for line in PAGE.splitlines() if line.startswith("|") and f"`{name}`" in line), "")
        assert locked()[name] in line, f"{name} {locked()[name]}"


def test_every_pinned_package_is_named():
    assert not [name for name in locked() if f"`{name}`" not in PAGE.lower()]


def test_every_crate_has_a_line_with_its_version():
    declared = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["dependencies"]
    pins = {name: value if isinstance(value, str) else value.get("version") for name, value in declared.items()}
    for name, version in pins.items():
        if version is not None:
            line = next((line for line in PAGE.splitlines() if line.startswith("|") and f"`{name}`" in line), "")
            assert version.lstrip("=") in line, f"{name} {version}"

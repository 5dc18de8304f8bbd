"""Imports follow the arrows of docs/ARCHITECTURE.md."""

import ast
from collections.abc import Iterator

import pytest
from repository import text, written

NATIVE = "_native"
MAY_USE = {
    "schemas": set(),
    "aeron": {NATIVE},
    "journal": {"schemas", "engine", NATIVE},
    "engine": {"schemas", "limits", NATIVE},
    "sequencer": {
        "schemas",
        "journal",
        "engine",
        "aeron",
        "errors",
        "config",
        "limits",
        "drivers",
        "trust",
        "users",
        NATIVE,
    },
    "marketdata": {
        *("schemas", "journal", "engine", "sequencer", "aeron"),
        *("errors", "config", "drivers", "limits", "trust", NATIVE),
    },
    "errors": {NATIVE},
    "limits": set(),
    "config": {"errors", "limits", "trust", "users"},
    "trust": {"aeron", "errors", "limits"},
    "users": {"errors", "schemas", "trust"},
    "drivers": {"aeron", "config", "errors", "limits"},
    "connection": {"aeron", "schemas", "config", "drivers", "errors", "limits", "users", NATIVE},
    "commands": {"engine", "schemas", "values", NATIVE},
    "calls": {"commands", "outcome", "turn", "engine", "schemas", "errors", "limits"},
    "client": {"calls", "commands", "session_link", "turn", "engine", "config", "errors", NATIVE},
    "session_link": {"connection", "turn", "schemas", "config", "errors", "limits", "values", NATIVE},
    "turn": {"errors"},
    "values": set(),
    "admin": {"engine", "errors", "schemas"},
    "outcome": {"schemas"},
    "simulator": {"calls", "commands", "engine", "errors", "turn", "sequencer", NATIVE},
    "tools": {
        *("schemas", "aeron", "journal", "engine", "sequencer", "marketdata", "simulator"),
        *("admin", "client", "config", "connection", "drivers", "errors", "limits", "trust", "users", NATIVE),
    },
    "__init__": {"admin", "client", "config", "errors", "journal", "sequencer"},
    "__main__": {"tools"},
}
"""By room, or by module of the package root: what of `seriatim` it may import besides itself."""

ROOMS = {
    name
    for name in MAY_USE
    if name in ("schemas", "aeron", "journal", "engine", "sequencer", "marketdata", "simulator", "tools")
}
PRODUCT = [name for name in written(".py") if not name.startswith(("tests/", "native/"))]


def room(path: str) -> str:
    """Where a file lives: a top-level folder, or a module of the package root."""
    return (
        path.removeprefix("src/seriatim/").removesuffix(".py")
        if path.startswith("src/")
        else path.split("/", maxsplit=1)[0]
    )


def imported(path: str) -> Iterator[str]:
    """Every module that a file imports, at its top or anywhere in it, by absolute name."""
    for node in ast.walk(ast.parse(text(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from [f"{module}.{alias.name}" for alias in node.names] if module == "seriatim" else [module]


def test_every_room_and_root_module_has_its_arrows():
    assert {room(path) for path in PRODUCT} == set(MAY_USE)


@pytest.mark.parametrize("path", PRODUCT)
def test_imports_follow_the_arrows(path: str):
    own = room(path)
    used = {name.split(".")[1] for name in imported(path) if name.startswith("seriatim.")}
    assert used - {own} <= MAY_USE[own]


@pytest.mark.parametrize("path", written(".py"))
def test_parts_are_imported_by_their_full_name(path: str):
    tops = {name.split(".")[0] for name in imported(path)}
    assert not tops & ROOMS, "say `from seriatim.engine import …`; a bare name resolves by accident"
    if path in PRODUCT:
        assert "" not in tops, "relative imports hide the arrow"


def test_a_wrong_arrow_would_be_seen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        "test_arrows.text", lambda _: "def f():\n    from seriatim import tools\n    import seriatim.journal.block"
    )
    assert set(imported("x")) == {"seriatim.tools", "seriatim.journal.block"}

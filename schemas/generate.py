"""Generates everything that is made of the schema: `python -m seriatim.schemas.generate`.

    seriatim.xml, types.xml ──sbe-tool──▶ rust/src/, seriatim.sbeir ──codegen──▶ messages.py

`--python` makes only the last step, which needs neither Java nor Maven. `--check` writes nothing and fails if a
committed file differs from what would be written.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from seriatim.schemas.codegen import render
from seriatim.schemas.model import read_model
from seriatim.schemas.sbe_tool import SbeToolError, fetch_jar, generate

HERE = Path(__file__).parent
SCHEMA = HERE / "seriatim.xml"
IR = HERE / "seriatim.sbeir"
RUST = HERE / "rust" / "src"
MESSAGES = HERE / "messages.py"


def python_from_ir(ir: bytes) -> dict[Path, bytes]:
    """What `messages.py` must hold, by path."""
    return {MESSAGES: render(read_model(ir), IR.name).encode()}


def all_from_schema(jar: Path | None = None) -> dict[Path, bytes]:
    """What every generated file must hold, by path; runs sbe-tool, fetched if no `jar` is given."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ir = generate(jar or fetch_jar(folder), SCHEMA, "Rust", folder / "out").read_bytes()
        sources = folder / "out" / read_model(ir).package / "src"
        # sbe-tool's layout is not rustfmt's, and the whole workspace is checked by `cargo fmt`.
        subprocess.run(["rustfmt", "--edition", "2021", str(sources / "lib.rs")], check=True, timeout=60)
        rust = {RUST / path.name: path.read_bytes() for path in sorted(sources.iterdir())}
    return {**rust, IR: ir, **python_from_ir(ir)}


def stale(wanted: dict[Path, bytes], folder: Path | None = None) -> list[Path]:
    """The files that differ from what they must hold, or that nothing generates (any more) in `folder`."""
    differing = [path for path, data in wanted.items() if not path.is_file() or path.read_bytes() != data]
    left = [path for path in folder.iterdir() if path not in wanted] if folder else []
    return sorted((*differing, *left))


def ir_of(schema: Path) -> Path:
    """Write the IR of another schema beside it."""
    with tempfile.TemporaryDirectory() as name:
        made = generate(fetch_jar(Path(name)), schema.resolve(), "Java", Path(name) / "out")
        return Path(shutil.copy(made, schema.parent))


def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit status."""
    parser = argparse.ArgumentParser(
        prog="seriatim.schemas.generate", description="Generates Rust, IR and Python of the schema."
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is not fresh")
    parser.add_argument("--python", action="store_true", help="only messages.py, from the committed IR")
    parser.add_argument("--ir-of", type=Path, metavar="XML", help="only the IR of another schema, beside it")
    options = parser.parse_args(arguments)
    try:
        if options.ir_of:
            print(ir_of(options.ir_of))
            return 0
        wanted = python_from_ir(IR.read_bytes()) if options.python else all_from_schema()
    except SbeToolError as error:
        print(error, file=sys.stderr)
        return 2
    differing = stale(wanted, None if options.python else RUST)
    for path in differing:
        print(("stale: " if options.check else "written: ") + str(path.relative_to(HERE)))
        if not options.check:
            path.write_bytes(wanted[path]) if path in wanted else path.unlink()
    return 1 if options.check and differing else 0


if __name__ == "__main__":
    sys.exit(main())

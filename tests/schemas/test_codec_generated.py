"""What is generated is fresh, and reads as the code around it does."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from seriatim.schemas import TEMPLATES, CodecError, generate
from seriatim.schemas.dynamic import bundled_ir, load
from seriatim.schemas.model import read_model
from seriatim.schemas.names import pascal, snake
from seriatim.schemas.sbe_tool import generate as run_sbe_tool

HERE = Path(__file__).parent


def test_messages_py_is_what_the_committed_ir_gives() -> None:
    wanted = generate.python_from_ir(generate.IR.read_bytes())
    assert generate.stale(wanted) == [], "run python -m seriatim.schemas.generate --python"
    assert generate.main(["--check", "--python"]) == 0


def test_a_stale_file_is_named_and_fails_the_check(tmp_path: Path) -> None:
    fresh, stale, extra = tmp_path / "fresh", tmp_path / "stale", tmp_path / "extra"
    for path in (fresh, stale, extra):
        path.write_bytes(b"old")
    assert generate.stale({fresh: b"old", stale: b"new"}, tmp_path) == [extra, stale]


def test_ir_and_rust_are_what_the_schema_gives(sbe_jar: Path) -> None:
    if shutil.which("rustfmt") is None:
        pytest.skip("the Rust codecs are laid out by rustfmt, which is not installed here")
    assert generate.stale(generate.all_from_schema(sbe_jar), generate.RUST) == [], (
        "run python -m seriatim.schemas.generate"
    )


def test_the_ir_of_the_test_schema_is_fresh(sbe_jar: Path, coverage_ir: bytes, tmp_path: Path) -> None:
    assert run_sbe_tool(sbe_jar, HERE / "coverage.xml", "Java", tmp_path).read_bytes() == coverage_ir


def test_generated_python_needs_no_formatter(coverage_ir: bytes, tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    other.write_text(generate.render(read_model(coverage_ir), "coverage.sbeir"))
    command = [sys.executable, "-m", "ruff", "format", "--check", "--line-length", "120"]
    done = subprocess.run([*command, str(generate.MESSAGES), str(other)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_bundled_ir_describes_the_classes_of_this_package() -> None:
    schema = load(bundled_ir())
    assert sorted(schema.templates) == sorted(TEMPLATES)
    for template, message in TEMPLATES.items():
        dynamic = schema.templates[template]
        assert (dynamic.__name__, dynamic.BLOCK_LENGTH) == (message.__name__, message.BLOCK_LENGTH)
        assert dynamic.FRAME_DTYPE == message.FRAME_DTYPE


def test_names_are_those_of_sbe_tools_rust() -> None:
    rust = (generate.RUST / "replaced_codec.rs").read_text()
    for member in TEMPLATES[45]._members:
        assert f"pub fn {member.name}(&self)" in rust
    assert [snake(name) for name in ("clOrdId", "anInt16", "URLPath", "from", "wrap")] == [
        "cl_ord_id",
        "an_int_16",
        "url_path",
        "from_",
        "wrap_",
    ]
    assert [pascal(name) for name in ("fuelFigures", "fuel_figures", "None", "Field")] == [
        "FuelFigures",
        "FuelFigures",
        "None_",
        "Field_",
    ]


@pytest.mark.parametrize("data", [b"", b"no IR", bytes(1000), bundled_ir()[:-1], bundled_ir() + b"\0"])
def test_bytes_that_are_no_ir_are_refused(data: bytes) -> None:
    with pytest.raises(CodecError):
        load(data)

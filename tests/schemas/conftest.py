"""The module that is generated from coverage.sbeir, and sbe-tool's Java codecs for it and for the bus."""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType

import pytest

from seriatim.schemas.codegen import render
from seriatim.schemas.model import read_model
from seriatim.schemas.sbe_tool import fetch_jar, generate, missing_tools

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="session")
def coverage_ir() -> bytes:
    return (HERE / "coverage.sbeir").read_bytes()


@pytest.fixture(scope="session")
def coverage(coverage_ir: bytes, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The Python module for coverage.xml, generated now."""
    path = tmp_path_factory.mktemp("generated") / "coverage_messages.py"
    path.write_text(render(read_model(coverage_ir), "coverage.sbeir"))
    spec = importlib.util.spec_from_file_location("coverage_messages", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def sbe_jar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """sbe-tool itself."""
    missing = missing_tools() + [tool for tool in ("javac",) if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"sbe-tool needs {', '.join(missing)}, which is not installed here")
    return fetch_jar(tmp_path_factory.mktemp("jar"))


@pytest.fixture(scope="session")
def sbe_java(sbe_jar: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], list[str]]]:
    """Runs SbeJava.java for the schema "seriatim" or "coverage": takes its input, gives the lines that it prints."""
    folder = tmp_path_factory.mktemp("java")
    generate(sbe_jar, ROOT / "schemas" / "seriatim.xml", "Java", folder)
    generate(sbe_jar, HERE / "coverage.xml", "Java", folder)
    sources = [str(path) for path in folder.rglob("*.java")]
    classes = folder / "classes"
    compiler = ["javac", "-nowarn", "-cp", str(sbe_jar), "-d", str(classes), str(HERE / "SbeJava.java"), *sources]
    subprocess.run(compiler, check=True, timeout=110, capture_output=True)
    command = ["java", "-XX:+UseSerialGC", "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-cp"]
    command += [f"{sbe_jar}:{classes}", "-Dfile.encoding=UTF-8", "-Dsun.stdout.encoding=UTF-8", "SbeJava"]
    with ExitStack() as stack:
        processes: dict[str, subprocess.Popen[str]] = {}
        for schema in ("seriatim", "coverage"):
            started = [*command, str(folder / f"{schema}.sbeir")]
            process = subprocess.Popen(started, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
            processes[schema] = stack.enter_context(process)

        def run(schema: str, text: str) -> list[str]:
            process = processes[schema]
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(text)
            process.stdin.flush()
            answers = sum(line == "end" or line.startswith("print ") for line in text.splitlines())
            return [process.stdout.readline().rstrip("\n") for _ in range(answers)]

        yield run
        for process in processes.values():
            assert process.stdin is not None
            process.stdin.close()

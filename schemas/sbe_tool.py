"""Runs sbe-tool (Java), which Maven brings. Only who changes a schema needs them; the generated code is committed."""

import shutil
import subprocess
from pathlib import Path

SBE_ALL = "uk.co.real-logic:sbe-all:1.38.1"
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
_TIMEOUT_S = 300


class SbeToolError(RuntimeError):
    """Java, Maven or sbe-tool is missing or failed; the message holds what it printed."""


def missing_tools() -> list[str]:
    """Which of the programs that this module runs are not installed."""
    return [tool for tool in ("java", "mvn") if shutil.which(tool) is None]


def fetch_jar(folder: Path) -> Path:
    """Put the sbe-tool jar of the pinned version into `folder` and tell its path."""
    if missing := missing_tools():
        raise SbeToolError(f"sbe-tool needs {' and '.join(missing)}: install a JDK (17 or later) and Maven")
    _run(["mvn", "-q", "-B", _COPY, f"-Dartifact={SBE_ALL}", f"-DoutputDirectory={folder}"])
    _, name, version = SBE_ALL.split(":")
    return folder / f"{name}-{version}.jar"


def generate(jar: Path, schema: Path, language: str, output: Path) -> Path:
    """Generate code and IR from an XML schema into `output`; gives the path of the IR.

    The code lies in a folder of `output` that has the name of the schema's package.
    """
    output.mkdir(parents=True, exist_ok=True)
    properties = {
        "sbe.xinclude.aware": "true",
        "sbe.validation.stop.on.error": "true",
        "sbe.validation.warnings.fatal": "true",
        "sbe.target.language": language,
        "sbe.output.dir": str(output),
        "sbe.generate.ir": "true",
    }
    _run([
        "java",
        "--add-opens",
        "java.base/jdk.internal.misc=ALL-UNNAMED",
        *(f"-D{name}={value}" for name, value in properties.items()),
        "-jar",
        str(jar),
        schema.name,
    ], folder=schema.parent)  # fmt: skip
    return output / schema.with_suffix(".sbeir").name


def _run(command: list[str], folder: Path | None = None) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
    if done.returncode:
        raise SbeToolError(f"{command[0]} failed with {done.returncode}:\n{done.stdout}{done.stderr}")

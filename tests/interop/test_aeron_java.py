"""Java's Aeron, client and driver, exchanges messages with ours in both directions.

Needs a JDK and Maven; Maven fetches the jar named in pom.xml, or has it.
"""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from seriatim.aeron import Aeron, ExclusivePublication, FragmentAssembler, MediaDriver, Subscription

HERE = Path(__file__).parent
OPENS = [
    f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in ("jdk.internal.misc", "sun.nio.ch", "java.util.zip")
]
_random = np.random.default_rng(7)
MESSAGES = [b"a", b"hello" * 10, *(_random.bytes(length) for length in (1376, 1377, 50_000))]
MESSAGES += [index.to_bytes(8, "little") for index in range(500)]
BOUND_S = 40.0


@pytest.fixture(scope="session")
def class_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Our Java programs, compiled against the Aeron jar."""
    for tool in ("java", "javac", "mvn"):
        if shutil.which(tool) is None:
            pytest.skip(f"needs a JDK and Maven; there is no {tool} here")
    out = tmp_path_factory.mktemp("java")
    listed = out / "class-path"
    goal = ["dependency:build-classpath", f"-Dmdep.outputFile={listed}"]
    command = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), *goal]
    maven = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    if maven.returncode:
        pytest.skip(f"Maven cannot get the Aeron jar: {(maven.stdout + maven.stderr).strip()[:300]}")
    jars = listed.read_text().strip()
    sources = [str(source) for source in HERE.glob("*.java")]
    subprocess.run(["javac", "-cp", jars, "-d", str(out), *sources], check=True, timeout=60)
    return f"{out}:{jars}"


@contextlib.contextmanager
def java(class_path: str, program: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Runs one of our Java programs, from its "ready" until the end of the block."""
    command = ["java", *OPENS, "-cp", class_path, program, *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
        process.stdin.close()
        assert process.wait(BOUND_S) == 0
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def free_endpoint() -> str:
    """A UDP address that nobody uses now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def wait_for(condition: Callable[[], bool]) -> None:
    """Waits with a bound."""
    deadline_s = time.monotonic() + BOUND_S
    while not condition():
        assert time.monotonic() < deadline_s, f"waited {BOUND_S} s in vain"
        time.sleep(0.0005)


def exchange(publication: ExclusivePublication, subscription: Subscription) -> None:
    """Every message goes there and comes back as it was, long ones in fragments."""
    received: list[bytes] = []
    assembler = FragmentAssembler(lambda view, _: received.append(bytes(view)))
    sent = 0

    def step() -> bool:
        nonlocal sent
        if sent < len(MESSAGES) and publication.offer(MESSAGES[sent]) >= 0:
            sent += 1
        subscription.poll(assembler, 20)
        return len(received) == len(MESSAGES)

    wait_for(step)
    assert received == MESSAGES


def echo(class_path: str, java_dir: str, aeron: Aeron, there: str, back: str) -> None:
    """Exchanges with a Java client in `java_dir` over the two channels."""
    with aeron.add_subscription(back, 20) as subscription:
        arguments = [java_dir, there, "10", back, "20", str(len(MESSAGES))]
        with java(class_path, "Echo", *arguments) as process:
            with aeron.add_exclusive_publication(there, 10) as publication:
                exchange(publication, subscription)
            subscription.close()
            assert process.stdout is not None
            assert process.stdout.readline() == f"echoed {len(MESSAGES)}\n"


@pytest.fixture
def java_dir(class_path: str, tmp_path: Path) -> Iterator[str]:
    """The directory of a running Java driver."""
    path = str(tmp_path / "java")
    with java(class_path, "Driver", path):
        yield path


def test_a_java_client_speaks_to_ours_through_the_c_driver(class_path: str) -> None:
    with MediaDriver() as driver, Aeron(driver) as aeron:
        echo(class_path, driver.dir, aeron, "aeron:ipc?term-length=512k", "aeron:ipc?term-length=512k")


def test_a_java_client_speaks_to_ours_through_the_java_driver(class_path: str, java_dir: str) -> None:
    with Aeron(java_dir) as aeron:
        echo(class_path, java_dir, aeron, "aeron:ipc?term-length=512k", "aeron:ipc?term-length=512k")
        assert list(aeron.counters)


def test_the_two_drivers_speak_to_each_other_over_udp(class_path: str, java_dir: str) -> None:
    there, back = (f"aeron:udp?endpoint={free_endpoint()}|term-length=512k" for _ in range(2))
    with MediaDriver() as driver, Aeron(driver) as aeron:
        echo(class_path, java_dir, aeron, there, back)

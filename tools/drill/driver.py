"""A media driver in a process of its own, so that clients and a killed node's successor find it still there."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seriatim.aeron import is_driver_active
from seriatim.errors import NodeFailed
from seriatim.tools.venue import fresh_aeron_dir

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 10.0
POLL_S = 0.01
FRAMES_LOST = 0xE
"""Kinds of frames that get lost, a bit each: data, negative acknowledgements and status messages."""


@contextmanager
def outside_driver(*, liveness_s: float, loss: float = 0.0, seed: int = 1) -> Iterator[str]:
    """Runs `seriatim driver`; gives its folder. Of what comes over UDP it loses the share `loss`, drawn from `seed`."""
    aeron_dir = fresh_aeron_dir()
    command = [sys.executable, "-m", "seriatim", "driver", "--aeron-dir", aeron_dir, "--liveness-s", str(liveness_s)]
    command += ["--with-parent", "--parent-pid", str(os.getpid())]
    environment = {**os.environ, **(lossy(loss, seed) if loss else {})}
    process = subprocess.Popen([*command, "--json"], env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        _await(process, aeron_dir)
        yield aeron_dir
    finally:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(aeron_dir, ignore_errors=True)


def lossy(loss: float, seed: int) -> dict[str, str]:
    """The environment that switches on Aeron's own loss generator for what a driver receives."""
    return {
        "AERON_UDP_CHANNEL_INCOMING_INTERCEPTORS": "loss",
        "AERON_UDP_CHANNEL_TRANSPORT_BINDINGS_LOSS_ARGS": f"rate={loss}|recv-msg-mask=0x{FRAMES_LOST:X}|seed={seed}",
    }


def _await(process: subprocess.Popen[bytes], aeron_dir: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not (Path(aeron_dir).exists() and is_driver_active(aeron_dir)):
        if process.poll() is not None or time.monotonic() > deadline:
            raise NodeFailed(f"the media driver in {aeron_dir} did not start")
        time.sleep(POLL_S)

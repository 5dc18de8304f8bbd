"""A node in a process of its own, started and ended by a tool or a test."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Self

from seriatim.config import IPC, ClientConfig
from seriatim.errors import ConfigError, NoAnswer, NodeFailed
from seriatim.trust import read_key, write_key

READY_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 60.0
LOG_LINES_KEPT, LOG_LINES_TOLD = 200, 8
UDP_INGRESS = "aeron:udp?endpoint=127.0.0.1:{port}"


def refuse_used(journal: Path | None) -> None:
    """A run that begins from nothing must not continue an order. Raises ConfigError if the folder holds anything."""
    if journal is not None and journal.exists() and (not journal.is_dir() or any(journal.iterdir())):
        raise ConfigError(f"{journal} is not empty; this begins a new order, so name a new folder")


class Venue:
    """`seriatim node` as a child process. A context manager; `start` also starts it again on the same journal.

    Without `journal` it gets a fresh folder, which is removed at the end together with all that is in it. Without
    `aeron_dir` it has a driver of its own; otherwise it uses the one that runs there. `program` is what Python runs,
    for drills that run another one around the command; `environment` is added to ours. Over UDP it gets a new key.
    """

    def __init__(
        self,
        journal: Path | None = None,
        *,
        durability: str = "fsync",
        ingress: str = IPC,
        low_latency: bool = False,
        aeron_dir: str | None = None,
        options: tuple[str, ...] = (),
        program: tuple[str, ...] = ("-m", "seriatim"),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.journal = journal or self._own_folder() / "journal"
        self._own_driver = aeron_dir is None
        self.aeron_dir = aeron_dir or fresh_aeron_dir()
        self.ingress = ingress
        # What `start` runs; whoever restarts a node with another setting changes it in between.
        self.command = [
            *(sys.executable, *program, "node", str(self.journal), "--json"),
            *("--with-parent", "--durability", durability, "--ingress", ingress),
            *(("--low-latency",) if low_latency else ()),
            *("--aeron-dir", self.aeron_dir),
            *(() if self._own_driver else ("--outside-driver",)),
            *options,
        ]
        self.key, self.key_file = b"", None
        if any(argument.startswith("aeron:udp") for argument in self.command) and "--key-file" not in options:
            self.key_file = self._own_folder() / "key"
            write_key(self.key_file)
            self.key = read_key(self.key_file)
            self.command += ["--key-file", str(self.key_file)]
        self._environment = {**os.environ, **(environment or {})}
        self.process: subprocess.Popen[str] | None = None
        self.log: deque[str] = deque(maxlen=LOG_LINES_KEPT)

    def _own_folder(self) -> Path:
        """For what the caller did not name; goes with this."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="seriatim-")
        return Path(self._folder.name)

    def client_config(self, **settings: Any) -> ClientConfig:
        """How a client reaches this node; `settings` are those of ClientConfig. Raises ConfigError for others."""
        known = [field.name for field in fields(ClientConfig)]
        if unknown := [name for name in settings if name not in known]:
            raise ConfigError(f"there is no setting {unknown[0]!r} of a client; there are {', '.join(known)}")
        return ClientConfig(**{"aeron_dir": self.aeron_dir, "ingress": self.ingress, "key": self.key, **settings})

    def start(self) -> None:
        """Starts the node and waits until it takes commands. Raises NodeFailed with its last words, ConfigError while
        it runs."""
        if self.is_running:
            raise ConfigError("this node runs already; stop or kill it before it is started again")
        self._close_log()
        self.process = subprocess.Popen(
            [*self.command, "--parent-pid", str(os.getpid())],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env=self._environment,
        )
        ready, self._started = threading.Event(), False  # a node that dies closes its log before it has ended
        self._reader = threading.Thread(target=self._read_log, args=(self.process, ready), daemon=True)
        self._reader.start()
        if not ready.wait(READY_TIMEOUT_S) or not self._started or self.process.poll() is not None:
            self.kill()
            raise NodeFailed(f"the node did not start: {self.last_words()}")

    @property
    def is_running(self) -> bool:
        """Whether there is a process: it may be starting, or paused."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> dict[str, Any]:
        """Ends the node in order; gives where the order stands, as `seriatim node --json` prints it.

        Raises NodeFailed if it has ended by itself or was killed or stopped, NoAnswer if it does not end.
        """
        if self.process is None:
            raise NodeFailed("this node was not started")
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise NoAnswer(f"the node did not end within {STOP_TIMEOUT_S} s: {self.last_words()}") from None
        if self.process.returncode:
            raise NodeFailed(f"the node ended with code {self.process.returncode}: {self.last_words()}")
        assert self.process.stdout is not None
        if not (said := self.process.stdout.read().splitlines()):
            raise NodeFailed("this node has been stopped already; what it said then was read")
        return json.loads(said[-1])

    def kill(self) -> None:
        """SIGKILL: what a crash does."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
        if self.process is not None:
            self.process.wait()

    def last_words(self) -> str:
        """What the node said last on standard error."""
        self._reader.join(1.0)
        return self.log[-1].strip() if self.log else "it said nothing"

    def account(self) -> str:
        """The node's last lines of log, as a person reads them, one below the other."""
        lines = list(self.log)[-LOG_LINES_TOLD:]
        return "\n".join(f"  {as_text(line)}" for line in lines) or "  nothing"

    def close(self) -> None:
        """Ends the node if it still runs, and removes what it left."""
        self.kill()
        self._close_log()
        if self._own_driver:
            shutil.rmtree(self.aeron_dir, ignore_errors=True)  # a driver that was killed leaves its folder
        if self._folder is not None:
            self._folder.cleanup()

    def _close_log(self) -> None:
        """Of a process that has ended."""
        if self.process is not None:
            self._reader.join()
            for stream in (self.process.stdout, self.process.stderr):
                assert stream is not None
                stream.close()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read_log(self, process: subprocess.Popen[str], ready: threading.Event) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            self.log.append(line)
            if '"node started"' in line:
                self._started = True
                ready.set()
        ready.set()


def as_text(line: str) -> str:
    """A line of a node's JSON log as plain text; any other line as it is."""
    try:
        entry = json.loads(line)
        time_utc, level, event = entry.pop("timestamp"), entry.pop("level"), entry.pop("event")
    except (ValueError, TypeError, AttributeError, KeyError):
        return line.strip()
    details = " ".join(f"{name}={value}" for name, value in entry.items())
    return f"{time_utc} {level}: {event} {details}".rstrip()


def fresh_aeron_dir() -> str:
    """A folder for a driver that goes with this process; its name says which process that is."""
    base = "/dev/shm" if os.path.isdir("/dev/shm") else tempfile.gettempdir()
    return f"{base}/seriatim-{os.getpid()}-{time.monotonic_ns()}"

"""`seriatim marketdata` in a process of its own, started, killed and started again."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path
from typing import Any, Self

from seriatim.errors import NodeFailed

READY_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 30.0
LOG_LINES_KEPT = 200
READY = '"publisher found the media driver"'
"""What it says when it publishes."""


class PublisherProcess:
    """A context manager; `start` also starts it again on the same log."""

    def __init__(self, journal: Path, log: Path, aeron_dir: str, *options: str) -> None:
        self.log_folder = log
        self._command = [
            *(sys.executable, "-m", "seriatim", "marketdata", str(journal), "--log", str(log), "--json"),
            *("--with-parent", "--parent-pid", str(os.getpid()), "--aeron-dir", aeron_dir, *options),
        ]
        self.process: subprocess.Popen[str] | None = None
        self.said: deque[str] = deque(maxlen=LOG_LINES_KEPT)

    def start(self) -> None:
        """Starts it and waits until it publishes. Raises NodeFailed with its last words."""
        self._end()
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(self._command, stdout=pipe, stderr=pipe, text=True, start_new_session=True)
        ready, self._publishes = threading.Event(), False
        self._listener = threading.Thread(target=self._listen, args=(self.process, ready), daemon=True)
        self._listener.start()
        ready.wait(READY_TIMEOUT_S)
        if not self._publishes:  # a process that has said its last words may be there for a moment
            raise NodeFailed(f"the publisher did not start: {self.said[-1] if self.said else 'it said nothing'}")

    def _listen(self, process: "subprocess.Popen[str]", ready: threading.Event) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            self.said.append(line.strip())
            if READY in line:
                self._publishes = True
                ready.set()
        ready.set()

    def stop(self) -> dict[str, Any]:
        """Ends it in order; gives what it prints. Raises NodeFailed."""
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_TIMEOUT_S)
        if self.process.returncode:
            raise NodeFailed(f"the publisher ended with {self.process.returncode}: {self.said[-1]}")
        return json.loads(self.process.stdout.read().splitlines()[-1])

    def kill(self) -> None:
        """SIGKILL: what a crash does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def _end(self) -> None:
        if self.process is None:
            return
        self.kill()
        self._listener.join()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        self.process = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

"""What the tests of the recorder share: a recorder in a process of its own, journals, what a follower gave."""

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Self

import numpy as np

from seriatim.client import Client
from seriatim.journal import JournalReader
from seriatim.sequencer.follow import Follow
from seriatim.sequencer.recording import RecordingReplica
from seriatim.tools.venue import Venue
from tests.bus.bus_help import SMALL_SEGMENTS, flow, instrument, send_all, wait_for

COMMANDS_PER_BLOCK = 1_000
"""At most, in a journal made here: small blocks make many records and segments."""


class RecorderProcess:
    """`seriatim recorder` as a child process; `start` also starts it again. A context manager."""

    def __init__(self, journal: Path, log: Path, aeron_dir: str, *options: str) -> None:
        self.log = log
        self._command = [
            *(sys.executable, "-m", "seriatim", "recorder", str(journal), str(log), "--json", "--with-parent"),
            *("--aeron-dir", aeron_dir, "--segment-mib", "1", *options),
        ]
        self.said: list[dict[str, Any]] = []

    def start(self) -> None:
        """Starts it; does not wait."""
        self.process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        self.said = []
        self._listener = threading.Thread(target=self._listen, args=(self.process, self.said), daemon=True)
        self._listener.start()

    @staticmethod
    def _listen(process: "subprocess.Popen[str]", said: list[dict[str, Any]]) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            said.append(json.loads(line) if line.startswith("{") else {"event": line.strip()})

    def heard(self, event: str) -> list[dict[str, Any]]:
        """Its log lines of that event."""
        return [line for line in self.said if event in line["event"]]

    def wait_for(self, event: str, bound_s: float = 20.0) -> dict[str, Any]:
        """Waits until it says something."""
        return wait_for(lambda: self.heard(event), bound_s)[0]

    def stop(self) -> dict[str, Any]:
        """Ends it in order; gives what it prints."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self) -> dict[str, Any]:
        """Waits until it ends by itself, without an error."""
        assert self.process.stdout is not None
        self.process.wait(60)
        self._listener.join()
        assert self.process.returncode == 0, self.said
        return json.loads(self.process.stdout.read().splitlines()[-1])

    def kill(self) -> None:
        """SIGKILL: what a crash does."""
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._listener.join()


def record_once(journal: Path, log: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Records all of a journal that no node writes; gives the result, and what the recorder said."""
    recorder = RecorderProcess(journal, log, str(log / "no-driver"), "--once")
    recorder.start()
    result = recorder.wait()
    return result, recorder.said


def make_journal(journal: Path, commands: int = 20_000, starts: int = 1) -> None:
    """A journal of that many commands in each of some epochs, written by real nodes."""
    for start in range(starts):
        with Venue(journal, options=SMALL_SEGMENTS) as venue, Client(venue.client_config()) as client:
            client.call(instrument())
            for part in np.array_split(flow(start, commands), -(-commands // COMMANDS_PER_BLOCK)):
                send_all(client, part)
            venue.stop()


def replayed_events(journal: Path) -> np.ndarray:
    """Every event of a journal, by an engine of our own."""
    with RecordingReplica() as replica, JournalReader(journal) as reader:
        return np.concatenate([replica.record(block.data).events.rows.copy() for block in reader])


def take_until(follow: Follow, seq: int, bound_s: float = 30.0) -> np.ndarray:
    """All rows that a follower gives up to `seq`."""
    rows: list[np.ndarray] = []

    def reached() -> bool:
        batch = follow.poll()
        if batch is not None:
            rows.append(batch.rows)
        return follow.next_seq > seq

    wait_for(reached, bound_s)
    taken = np.concatenate(rows)
    return taken[taken["seq"] <= seq]

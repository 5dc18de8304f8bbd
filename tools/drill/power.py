"""The drill `power`: records what a node writes and syncs, cuts the power at many moments of that, and recovers.

A real node with a real client runs under the recorder: it is killed, started again, stopped and started once more, so
that recoveries are cut as well. Every image of the disk is then opened by a child process as a starting node would.
"""

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self

import numpy as np

from seriatim import _native
from seriatim.client import Client
from seriatim.errors import ConfigError, NoAnswer
from seriatim.journal import JournalReader
from seriatim.schemas import Decimal, DefineInstrument
from seriatim.tools.drill.disk import Disk, Image
from seriatim.tools.drill.orders import orders
from seriatim.tools.drill.trace import Acknowledgements, Record, read_trace
from seriatim.tools.scratch import remove_left_behind, scratch_folder
from seriatim.tools.venue import Venue

IMAGES_PREFIX = "seriatim-images-"
RECORDER = "libseriatim_recorder.so"
BATCHES = 200
BATCH_MAX = 400
ANSWER_TIMEOUT_S = 30.0
IMAGES_PER_CUT = 5
RECOVERERS = 2
RECOVERY_TIMEOUT_S = 60.0
ERRORS_SHOWN = 5


@dataclass(slots=True)
class Cuts:
    """What came of all images."""

    images: int = 0
    lost: int = 0
    """Commands that were acknowledged before the cut and are not in the image, over all images."""
    repeated: int = 0
    """Images whose log is not the beginning of the one that was written."""
    unreadable: int = 0
    """Images that cannot be opened or read."""
    kinds: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cut:
    """One power cut: after how many records, what had been acknowledged by then, and where its image is."""

    place: int
    acknowledged: int
    folder: Path


def power_drill(
    images: int, seed: int, folder: Path, mutant: str | None, on_progress: Callable[[int], None] = lambda _: None
) -> dict[str, Any]:
    """Runs the drill in `folder`, which must be empty, until about `images` images were judged."""
    trace = folder / "trace"
    journal = record_run(folder.resolve(), trace, seed, mutant)
    records = read_trace(trace)
    written = written_log(journal)
    cuts = Cuts()
    memory = scratch_folder(IMAGES_PREFIX, in_memory())
    with memory as room, ThreadPoolExecutor(RECOVERERS) as pool, Recoverers() as recoverers:
        waiting: list[tuple[Future[dict[str, Any]], Image, Cut]] = []
        for image, cut in made_images(records, images, seed, room):
            waiting.append((pool.submit(recoverers.recover, cut.folder), image, cut))
            while len(waiting) > 2 * RECOVERERS:
                note(cuts, written, *waiting.pop(0))
                on_progress(cuts.images)
        for entry in waiting:
            note(cuts, written, *entry)
    return {
        "images": cuts.images,
        "lost": cuts.lost,
        "repeated": cuts.repeated,
        "unreadable": cuts.unreadable,
        "kinds": cuts.kinds,
        "records": len(records),
        "acknowledged": max(
            (record.result for record in records if record.kind == record.kind.ACKNOWLEDGED), default=0
        ),
        "mutant": mutant,
        "seed": seed,
        "examples": cuts.examples,
        "passed": not (cuts.lost or cuts.repeated or cuts.unreadable),
    }


def recorder() -> Path:
    """The library to preload. Raises ConfigError where there is none."""
    path = Path(str(_native.__file__)).with_name(RECORDER)
    if not path.exists():
        raise ConfigError(f"{path} is missing: the recorder is built on Linux only")
    return path


def record_run(folder: Path, trace: Path, seed: int, mutant: str | None) -> Path:
    """Runs a node under the recorder; gives its journal."""
    journal = folder / "journal"
    environment = {
        "LD_PRELOAD": str(recorder()),
        "SERIATIM_RECORD_FOLDER": str(journal),
        "SERIATIM_RECORD_TO": str(trace.resolve()),
    }
    program = ("-m", "seriatim.tools.drill.mutant", mutant) if mutant else ("-m", "seriatim")
    venue = Venue(journal, options=("--segment-mib", "2"), program=program, environment=environment)
    rng = np.random.default_rng(seed)
    with Acknowledgements(trace) as acknowledgements, venue:
        trade(venue, rng, acknowledgements, BATCHES, define=True)
        venue.kill()
        acknowledgements.killed()
        venue.start()
        trade(venue, rng, acknowledgements, BATCHES // 2)
        venue.stop()
        venue.start()
        trade(venue, rng, acknowledgements, BATCHES // 4)
        venue.stop()
    return journal


def trade(
    venue: Venue, rng: np.random.Generator, acknowledgements: Acknowledgements, batches: int, define: bool = False
) -> None:
    """Sends batches of many sizes and notes what is answered as it comes; leaves without waiting for the last one."""
    with Client(venue.client_config(timeout_s=ANSWER_TIMEOUT_S)) as client:
        if define:
            one = Decimal(mantissa=1, exponent=0)
            events = client.call(DefineInstrument(instrument=1, symbol="OAK", tick_size=one, lot_size=one))
            acknowledgements.note(int(events["seq"].max()))
        for number in range(batches):
            count = 1 + int(BATCH_MAX * rng.random() ** 4)
            client.send(orders(rng, count, first_id=1 + number * BATCH_MAX))
            last = client.next_number - 1
            deadline = time.monotonic() + ANSWER_TIMEOUT_S
            while client.answered < last - BATCH_MAX:
                note_answers(client, acknowledgements)
                if time.monotonic() > deadline:
                    raise NoAnswer(f"no answer within {ANSWER_TIMEOUT_S} s: {venue.last_words()}")
            note_answers(client, acknowledgements)


def note_answers(client: Client, acknowledgements: Acknowledgements) -> None:
    """Reads what has come and notes the last seq in it: answers come in the order of the log."""
    events = client.poll()
    if len(events):
        acknowledgements.note(int(events["seq"].max()))
    else:
        time.sleep(0.0002)


def written_log(journal: Path) -> dict[int, str]:
    """The hash of every block's header by index. Each holds the hash of the one before, so one says all."""
    with JournalReader(journal) as reader:
        return {block.index: block.hash().hex() for block in reader}


def made_images(records: list[Record], count: int, seed: int, room: Path) -> Iterator[tuple[Image, Cut]]:
    """Makes distinct images of cuts at random places in `room`. Whoever takes one deletes its folder."""
    draw = random.Random(seed)
    places = sorted(draw.sample(range(len(records) + 1), min(count // IMAGES_PER_CUT + 1, len(records) + 1)))
    disk, at = Disk(), 0
    for place in places:
        for record in records[at:place]:
            disk.take(record)
        at = place
        seen: set[tuple[object, ...]] = set()
        for image in disk.images(draw):
            if (image.chosen, image.torn) not in seen:
                seen.add((image.chosen, image.torn))
                path = room / f"{place}-{len(seen)}"
                disk.make(image, path)
                yield image, Cut(place, disk.acknowledged_seq, path)


def in_memory() -> Path:
    """Where images are quick to make."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() else Path(tempfile.gettempdir())


def remove_images_left_behind() -> None:
    """Removes the images of drills that were killed: they take memory, and the next drill may be another one."""
    remove_left_behind(IMAGES_PREFIX, in_memory())


def note(cuts: Cuts, written: dict[int, str], recovered: Future[dict[str, Any]], image: Image, cut: Cut) -> None:
    """Judges what was read back from one image."""
    found = recovered.result()
    cuts.images += 1
    cuts.kinds[image.how] = cuts.kinds.get(image.how, 0) + 1
    problem = ""
    if "error" in found:
        cuts.unreadable += 1
        problem = found["error"]
    elif found["index"] and written.get(found["index"]) != found["hash"]:
        cuts.repeated += 1
        problem = f"block {found['index']} is not the one that was written"
    if problem or found["seq"] < cut.acknowledged:
        cuts.lost += max(cut.acknowledged - found.get("seq", 0), 0)
        problem = problem or f"ends with seq {found['seq']}, {cut.acknowledged} was acknowledged"
    if problem and len(cuts.examples) < ERRORS_SHOWN:
        cuts.examples.append(f"power cut after record {cut.place}, {image.how}: {problem}")


class Recoverers:
    """Child processes that open images, one for each thread that asks; one that dies is replaced."""

    def __init__(self) -> None:
        self._idle: SimpleQueue[subprocess.Popen[str] | None] = SimpleQueue()
        for _ in range(RECOVERERS):
            self._idle.put(None)

    def recover(self, folder: Path) -> dict[str, Any]:
        """What the child says of an image, which is deleted; an `error` if the child dies of it."""
        child = self._idle.get() or self._start()
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(f"{folder}\n")
        child.stdin.flush()
        line = child.stdout.readline()
        shutil.rmtree(folder, ignore_errors=True)
        if line:
            self._idle.put(child)
            return json.loads(line)
        self._idle.put(None)
        return {"error": f"the process that opened it ended with code {end(child)}"}

    def _start(self) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "seriatim.tools.drill.recoverer"]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        children = [self._idle.get() for _child in range(RECOVERERS)]
        for child in filter(None, children):
            end(child)


def end(child: "subprocess.Popen[str]") -> int:
    """Ends a child that has nothing more to do; gives its exit code."""
    for stream in (child.stdin, child.stdout):
        assert stream is not None
        stream.close()
    return child.wait(RECOVERY_TIMEOUT_S)

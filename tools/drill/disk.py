"""What a disk may hold after a power cut, from a trace of what was written and synced.

Only a sync makes anything certain: of a file its bytes and size, of a folder its names, of the parent that the folder
is there. What was not synced may be on the disk or not, each write and each name by itself, and a write may be torn
between sectors. That is more than most file systems allow themselves, and what POSIX lets them do.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from seriatim.tools.drill.trace import DURABLE_WHEN_DONE, Kind, Record

SECTOR_BYTES = 512


@dataclass(slots=True, eq=False)
class Change:
    """Something that was begun. `file` is None for changes of names."""

    place: int
    """Among all changes, by the moment at which they began."""
    record: Record
    file: "File | None" = None
    done: bool = False
    durable: bool = False


@dataclass(slots=True, eq=False)
class File:
    """Bytes that are certain, and the changes since, in their order."""

    certain: bytearray = field(default_factory=bytearray)
    changes: list[Change] = field(default_factory=list)

    def settle(self) -> None:
        """Applies the changes at the front that have become durable."""
        while self.changes and self.changes[0].durable:
            apply(self.certain, self.changes.pop(0).record)


@dataclass(frozen=True, slots=True)
class Image:
    """What one power cut may leave; `how` says what became of what was not synced."""

    how: str
    chosen: frozenset[int]
    """Ids of the changes that reached the disk although nobody had synced them."""
    torn: tuple[int, tuple[int, ...]] | None = None
    """The id of a write that got there in part, and the places of its sectors that did."""


class Disk:
    """The state of a recorded folder after the records that were given to `take`."""

    def __init__(self) -> None:
        self.acknowledged_seq = 0
        self._names: dict[str, File] = {}
        """The names that are certain."""
        self._name_changes: list[Change] = []
        self._live: dict[int, File] = {}
        """By inode: the file that has it now."""
        self._files: list[File] = []
        self._places = 0
        self._begun: dict[int, Change] = {}
        self._covered: dict[int, list[Change]] = {}
        """Of a sync that is under way: the changes that had ended before it began."""

    def take(self, record: Record) -> None:
        """Goes on by one record."""
        match record.kind:
            case Kind.ACKNOWLEDGED:
                self.acknowledged_seq = max(self.acknowledged_seq, record.result)
            case Kind.SYNC:
                self._covered[record.id] = [change for change in self._live[record.inode].changes if change.done]
            case Kind.SYNC_FOLDER:
                self._covered[record.id] = self._done_names(folder=False)
            case Kind.SYNC_PARENT:
                self._covered[record.id] = self._done_names(folder=True)
            case Kind.DONE:
                self._end(record)
            case Kind.KILLED:
                self._end_all()
            case _:
                self._begin(record)

    def _done_names(self, *, folder: bool) -> list[Change]:
        return [c for c in self._name_changes if c.done and (c.record.kind is Kind.MAKE_FOLDER) == folder]

    def _begin(self, record: Record) -> None:
        if record.kind is Kind.CREATE:
            self._live[record.inode] = File()
            self._files.append(self._live[record.inode])
        file = self._live.get(record.inode)
        self._places += 1
        change = Change(self._places, record, file)
        self._begun[record.id] = change
        if file is None or record.kind is Kind.CREATE:
            self._name_changes.append(change)
        else:
            file.changes.append(change)

    def _end(self, record: Record) -> None:
        if (covered := self._covered.pop(record.id, None)) is not None:
            if record.result == 0:
                for change in covered:
                    change.durable = True
                self._settle()
            return
        change = self._begun.pop(record.id)
        change.done = True
        written = record.result if change.record.kind is Kind.WRITE else change.record.length
        if record.result < 0 or written != change.record.length:
            (self._name_changes if change.file is None else change.file.changes).remove(change)
        elif change.record.flags & DURABLE_WHEN_DONE:
            change.durable = True
            self._settle()

    def _end_all(self) -> None:
        """What a killed process had begun is with the system, though nobody said so: the next sync covers it."""
        for change in self._begun.values():
            change.done = True
        self._begun.clear()
        self._covered.clear()

    def _settle(self) -> None:
        for file in self._files:
            file.settle()
        while self._name_changes and self._name_changes[0].durable:
            rename(self._names, self._name_changes.pop(0))

    def uncertain(self) -> list[Change]:
        """What has been begun and may or may not be on the disk, in its order."""
        changes = [change for file in self._files for change in file.changes] + self._name_changes
        return sorted((c for c in changes if not c.durable), key=lambda change: change.place)

    def images(self, draw: random.Random) -> Iterator[Image]:
        """Legal outcomes of a power cut here: nothing more than what is certain, everything, a prefix, subsets, a torn
        last write."""
        yield Image("certain", frozenset())
        uncertain = self.uncertain()
        if not uncertain:
            return
        ids = [change.record.id for change in uncertain]
        yield Image("everything", frozenset(ids))
        yield Image("prefix", frozenset(ids[: draw.randrange(len(ids))]))
        yield Image("subset", frozenset(number for number in ids if draw.random() < 0.5))
        yield Image("subset", frozenset(number for number in ids if draw.random() < 0.9))
        writes = [change.record for change in uncertain if change.record.kind is Kind.WRITE]
        if writes:
            torn = writes[-1]
            yield Image("torn", frozenset(ids) - {torn.id}, (torn.id, tear(torn, draw)))

    def make(self, image: Image, folder: Path) -> None:
        """Writes an image into `folder`, which is made unless the image is of a disk on which it is not."""
        names, made = dict(self._names), not any(c.record.kind is Kind.MAKE_FOLDER for c in self._name_changes)
        for change in self._name_changes:
            if change.durable or change.record.id in image.chosen:
                made |= change.record.kind is Kind.MAKE_FOLDER
                rename(names, change)
        if not made:
            return
        folder.mkdir()
        for name, file in names.items():
            content = bytearray(file.certain)
            for change in file.changes:
                if change.durable or change.record.id in image.chosen:
                    apply(content, change.record)
                elif image.torn is not None and image.torn[0] == change.record.id:
                    apply(content, change.record, image.torn[1])
            (folder / name).write_bytes(content)


def tear(write: Record, draw: random.Random) -> tuple[int, ...]:
    """The sectors of a write that reach the disk: those at its front, or any."""
    places = range(len(list(sectors(write))))
    if draw.random() < 0.5:
        return tuple(places[: draw.randrange(len(places))])
    return tuple(place for place in places if draw.random() < 0.5)


def sectors(write: Record) -> Iterator[tuple[int, int]]:
    """Start and end in the file of each part of a write that lies in one sector."""
    start, end = write.offset, write.offset + write.length
    while start < end:
        stop = min(end, (start // SECTOR_BYTES + 1) * SECTOR_BYTES)
        yield start, stop
        start = stop


def apply(content: bytearray, record: Record, places: Iterable[int] | None = None) -> None:
    """Does to the bytes of a file what a record says; of a write only the sectors `places`, if they are named."""
    match record.kind:
        case Kind.WRITE:
            data = record.data
            parts = list(sectors(record))
            whole = [(record.offset, record.offset + record.length)]
            for start, end in whole if places is None else [parts[place] for place in places]:
                grow(content, end)
                content[start:end] = data[start - record.offset : end - record.offset]
        case Kind.ALLOCATE:
            grow(content, record.offset + record.length)
        case Kind.TRUNCATE:
            grow(content, record.length)
            del content[record.length :]


def grow(content: bytearray, size: int) -> None:
    """Zeros up to `size`."""
    content.extend(bytes(max(size - len(content), 0)))


def rename(names: dict[str, File], change: Change) -> None:
    """Does to the names of a folder what a change says. What names a file that never got its name changes nothing."""
    record = change.record
    match record.kind:
        case Kind.CREATE:
            assert change.file is not None
            names[record.names[0]] = change.file
        case Kind.RENAME:
            old, new = record.names
            if old in names:
                names[new] = names.pop(old)
        case Kind.UNLINK:
            names.pop(record.names[0], None)

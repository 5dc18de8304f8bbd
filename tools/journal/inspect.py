"""What `seriatim journal info` and `seriatim journal dump` find, as data and as tables."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from seriatim.journal.complete import what_is_missing
from seriatim.journal.environment import used_bytes
from seriatim.journal.layout import scan, segment_path
from seriatim.journal.lock import is_marked_running
from seriatim.journal.meta import Meta
from seriatim.journal.reader import JournalReader
from seriatim.journal.segment import Segment
from seriatim.tools.figures import size, utc
from seriatim.tools.output import plain_table

# A command frame (SBE header, message, data) as something that can be shown: usually a dict of its fields.
Decoder = Callable[[memoryview], Any]

LINE_HEADER = f"{'seq':>10}  {'time, UTC':<29}  message  [its block and frame]"
BARE = ("message", "fields")
"""Of a decoded message: shown without their names."""
OF_MESSAGE = (*BARE, "error", "bytes")
"""What `decode` says of the message; the rest is of its frame, for which fewer people look."""


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """One segment; the indices are 0 while it has no block."""

    name: str
    first_index: int
    last_index: int
    first_seq: int
    last_seq: int
    first_time_ns: int
    last_time_ns: int
    last_term: int
    used_bytes: int
    file_bytes: int


@dataclass(frozen=True, slots=True)
class JournalInfo:
    """A journal at a glance. `running` is also true after a crash, until the next start has checked the journal."""

    folder: str
    cluster_id: str
    node_id: int
    membership: tuple[int, ...]
    term: int
    voted_for: int
    commit_index: int
    schema_versions: tuple[int, ...]
    skipped: tuple[int, ...]
    """The seqs that operators want skipped; whether they may is for a replay to check, which has the key."""
    running: bool
    missing: tuple[str, ...]
    """What should be there and is not; a node does not start on such a journal."""
    blocks: int
    first_index: int
    last_index: int
    first_seq: int
    last_seq: int
    used_bytes: int
    file_bytes: int
    spares: int
    segments: tuple[SegmentInfo, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class DumpedMessage:
    """One sequenced message; `body` is what the decoder made of it, or its bytes in hexadecimal without one."""

    seq: int
    time_ns: int
    epoch: int
    index: int
    term: int
    body: Any

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def journal_info(folder: Path) -> JournalInfo:
    """Reads what a journal says of itself; the journal may be live. Raises `JournalError`."""
    with Meta(folder) as meta:
        committed, newest = meta.committed(), meta.newest_segment  # before the scan, which may find more
        contents = scan(folder)
        segments = tuple(_segment_info(folder, first, end) for first, end in contents.ranges())
        filled = [segment for segment in segments if segment.last_index]
        last_index = filled[-1].last_index if filled else 0
        missing = what_is_missing(
            folder, contents.segments, newest_segment=newest, last_index=last_index, committed_index=committed.index
        )
        return JournalInfo(
            folder=str(folder),
            cluster_id=meta.cluster_id.hex(),
            node_id=meta.node_id,
            membership=meta.membership,
            term=max(meta.vote.term, filled[-1].last_term if filled else 0),
            voted_for=meta.vote.voted_for,
            commit_index=max(last_index, committed.index) if committed.alone else committed.index,
            schema_versions=tuple(meta.schemas()),
            skipped=tuple(meta.skips()),
            running=is_marked_running(folder),
            missing=tuple(missing),
            blocks=last_index - filled[0].first_index + 1 if filled else 0,
            first_index=filled[0].first_index if filled else 0,
            last_index=last_index,
            first_seq=filled[0].first_seq if filled else 0,
            last_seq=filled[-1].last_seq if filled else 0,
            used_bytes=sum(segment.used_bytes for segment in segments),
            file_bytes=sum(path.stat().st_blocks * 512 for path in folder.iterdir()),
            spares=len(contents.spares),
            segments=segments,
        )


def _segment_info(folder: Path, first_index: int, end_index: int | None) -> SegmentInfo:
    path = segment_path(folder, first_index)
    with Segment(folder, first_index) as segment:
        first, last = segment.first(), segment.last(end_index)
    return SegmentInfo(
        name=path.name,
        first_index=first_index,
        last_index=last.index if last else 0,
        first_seq=first.first_seq if first else 0,
        last_seq=last.next_seq - 1 if last else 0,
        first_time_ns=first.time_ns if first else 0,
        last_time_ns=last.time_ns if last else 0,
        last_term=last.term if last else 0,
        used_bytes=used_bytes(path),
        file_bytes=path.stat().st_size,
    )


def dump_messages(
    folder: Path, *, from_seq: int = 1, count: int | None = None, decode: Decoder | None = None
) -> Iterator[DumpedMessage]:
    """The messages from `from_seq` on, at most `count` of them, up to the commit position. Raises `JournalError`."""
    left = count
    with JournalReader(folder) as reader:
        reader.seek_seq(max(from_seq, 1))
        for block in reader:
            for frame in block.frames():
                if frame.seq < from_seq:
                    continue
                if left is not None and left <= 0:
                    return
                body = decode(frame.body) if decode is not None else frame.body.hex()
                yield DumpedMessage(frame.seq, frame.time_ns, frame.epoch, block.index, block.term, body)
                left = None if left is None else left - 1


def show_info(info: JournalInfo) -> RenderableType:
    """The tables of `seriatim journal info`."""
    facts = plain_table("", "", show_header=False)
    facts.columns[1].justify = "left"
    state = "a writer is open, or stopped without closing" if info.running else "closed cleanly"
    for name, value in (
        ("state", state),
        ("messages", f"seq {info.first_seq:,} to {info.last_seq:,}"),
        ("blocks", f"{info.first_index:,} to {info.last_index:,}, committed to {info.commit_index:,}"),
        ("used", size(info.used_bytes)),
        ("on disk", f"{size(info.file_bytes)}, with {info.spares} segments made ahead"),
        ("cluster", info.cluster_id),
        ("node", f"{info.node_id}, one of {len(info.membership)}; term {info.term}"),
        ("skipped", ", ".join(f"seq {seq:,}" for seq in info.skipped) or "nothing"),
        ("schema", "version " + ", ".join(map(str, info.schema_versions))),
    ):
        facts.add_row(name, value)
    table = plain_table("segment, by its first block", "first seq", "first message, UTC", "used")
    for entry in info.segments:
        if entry.last_index:
            begins = utc(entry.first_time_ns).partition(".")[0]
            table.add_row(entry.name, f"{entry.first_seq:,}", begins, size(entry.used_bytes))
        else:
            table.add_row(entry.name, "none yet", "", size(entry.used_bytes))
    damage = [Text(f"damaged: {problem}") for problem in info.missing]
    return Group(Text(info.folder), facts, table, *damage)


def message_line(message: DumpedMessage) -> str:
    """One line of `seriatim journal dump`: seq, time, message and its fields; then block, epoch, the frame's fields."""
    said, frame = message.body, {"block": message.index, "epoch": message.epoch}
    if isinstance(said, dict):
        said = {name: value for name, value in message.body.items() if name in OF_MESSAGE}
        frame |= {name: value for name, value in message.body.items() if name not in OF_MESSAGE}
    return f"{message.seq:>10}  {utc(message.time_ns)}  {_text(said)}  [{_text(frame)}]"


def _text(body: Any) -> str:
    """Fields as `name=value`, those of fields too; the name of a message stands alone."""
    if not isinstance(body, dict):
        return str(body)
    parts = (_text(value) if name in BARE else f"{name}={_value(value)}" for name, value in body.items())
    return " ".join(filter(None, parts))


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return "{" + _text(value) + "}" if isinstance(value, dict) else str(value)

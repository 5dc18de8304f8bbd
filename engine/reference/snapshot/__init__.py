"""The whole state as bytes, and back: written from docs/SNAPSHOTS.md alone, a file for each kind of section.

A load checks what a field may hold, and that what it made of the bytes is saved as the same bytes: whatever is out of
order, there twice or not needed is found by that.
"""

from collections.abc import Callable

from seriatim.engine.errors import SnapshotError
from seriatim.engine.reference.limits import COUNT_MAX, ORDERS_MAX
from seriatim.engine.reference.snapshot import instruments, orders, risks, trades, work
from seriatim.engine.reference.snapshot.packing import HEADER, SECTION, Reader, crc32c, pack, size_of
from seriatim.engine.reference.venue import Venue

MAGIC = b"SRTMENGN"
FORMAT_VERSION = 1
LOGIC_VERSIONS = 1, 2, 3, 4
VENUE = "IIqQQQ"

PARTS: dict[bytes, tuple[Callable[[Venue], bytes], Callable[[Reader, Venue], None]]] = {
    b"INST": (instruments.write, instruments.read),
    b"QUEU": (orders.write_queues, orders.read_queues),
    b"STOP": (orders.write_stops, orders.read_stops),
    b"RISK": (risks.write, risks.read),
    b"TASK": (work.write, work.read),
    b"FILL": (trades.write, trades.read),
}
"""The sections after the first, in their order."""


def save(venue: Venue, outcome_hash: int) -> bytes:
    """Header, then the sections."""
    position = venue.now_ns, outcome_hash, venue.last_order_id, venue.trade_count
    sections = _section(b"VENU", pack(VENUE, venue.logic_version, venue.orders_max, *position))
    for name, (write, _) in PARTS.items():
        sections += _section(name, write(venue))
    return pack(HEADER, MAGIC, FORMAT_VERSION, 0, size_of(HEADER) + len(sections)) + sections


def _section(name: bytes, payload: bytes) -> bytes:
    return pack(SECTION, name, crc32c(payload), len(payload)) + payload


def load(snapshot: bytes) -> tuple[Venue, int]:
    """The venue and its outcome hash. Raises `SnapshotError`."""
    reader = Reader(snapshot)
    reader.check(snapshot.startswith(MAGIC), "these bytes are no snapshot of this kind")
    _magic, version, zero, length = reader.take(HEADER)
    reader.check(version == FORMAT_VERSION, f"format version {version}, which this release does not know", at=8)
    reader.check(zero == 0, "not zero", at=12)
    reader.check(length == len(snapshot), "the snapshot ends too early or too late", at=16)
    venue, outcome_hash = read_venue(reader.section(b"VENU"))
    for name, (_, read) in PARTS.items():
        section = reader.section(name)
        read(section, venue)
        section.finish()
    reader.finish()
    _check_saved_again(snapshot, save(venue, outcome_hash))
    return venue, outcome_hash


def read_venue(reader: Reader) -> tuple[Venue, int]:
    """`VENU`: a venue without instruments yet, and its outcome hash."""
    logic_version, orders_max, now_ns, outcome_hash, last_order_id, trade_count = reader.take(VENUE)
    reader.check(logic_version in LOGIC_VERSIONS, "rules that this engine does not know")
    reader.check(orders_max <= ORDERS_MAX, "more live orders than an engine may hold")
    reader.check(now_ns >= 0, "a time before 0")
    reader.check(max(last_order_id, trade_count) <= COUNT_MAX, "more than there can have been")
    reader.finish()
    return Venue(logic_version, orders_max, now_ns, last_order_id, trade_count=trade_count), outcome_hash


def _check_saved_again(snapshot: bytes, again: bytes) -> None:
    if snapshot != again:
        at = next((at for at, (was, now) in enumerate(zip(snapshot, again, strict=False)) if was != now), len(again))
        raise SnapshotError(f"at byte {at} of the snapshot: no engine writes it so")

"""The `meta` environment: who a journal is, how this node voted, how far the log is committed.

    key                 value (little-endian)
    format              u32: the version of everything on disk
    cluster             16 bytes, random, the same on every node of a cluster
    node                u64, random, never 0
    segment_bytes       u64: the size of new segments
    vote                u64 term, u64 node voted for (0 for nobody)
    membership          u64 each: the nodes that vote, ascending
    commit              u64: the last log index known to be committed
    newest              u64: the first index of the segment that was begun last; it must be there
    schema/NNNNN        the IR of that version of the schema, as sbe-tool wrote it
    skip/N              an operator's override for that seq (20 digits): u32 CRC-32C of its command frame, 32 bytes HMAC

Every write is a transaction of its own and on disk when the call returns, so a vote may be sent after `set_vote`.
"""

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import lmdb

from seriatim.journal.environment import Environment, open_environment, used_bytes
from seriatim.journal.errors import JournalDamaged, JournalFailed, NotAJournal, SchemaMismatch, UnknownFormat
from seriatim.journal.layout import FORMAT_VERSION, META_NAME, new_path
from seriatim.journal.prepare import adopt, discard, write_zeros

MAP_BYTES = 4 << 20

_U32, _U64, _VOTE = struct.Struct("<I"), struct.Struct("<Q"), struct.Struct("<QQ")


@dataclass(frozen=True, slots=True)
class Vote:
    """The newest term this node has seen and whom it voted for in it; node 0 is nobody."""

    term: int = 0
    voted_for: int = 0


@dataclass(frozen=True, slots=True)
class Committed:
    """How far readers may go: up to `index`, or to the end of the log when this node alone decides."""

    index: int
    alone: bool


class Meta:
    """The open `meta` environment. Raises `NotAJournal`, `UnknownFormat` or `JournalDamaged` when opened."""

    def __init__(self, folder: Path) -> None:
        path = folder / META_NAME
        try:
            self._environment: Environment = open_environment(path)
        except (FileNotFoundError, NotADirectoryError):
            raise NotAJournal(f"there is no journal in {folder}: it has no {META_NAME}") from None
        self.path = path
        try:
            self._check_format()
        except BaseException:
            self.close()
            raise

    def _check_format(self) -> None:
        (version,) = _U32.unpack(self._required(b"format"))
        if version != FORMAT_VERSION:
            raise UnknownFormat(f"{self.path} has format {version}; this version of Seriatim reads {FORMAT_VERSION}")

    @property
    def cluster_id(self) -> bytes:
        return self._required(b"cluster")

    @property
    def node_id(self) -> int:
        return _U64.unpack(self._required(b"node"))[0]

    @property
    def segment_bytes(self) -> int:
        return _U64.unpack(self._required(b"segment_bytes"))[0]

    def set_segment_bytes(self, value: int) -> None:
        self._put(b"segment_bytes", _U64.pack(value))

    @property
    def vote(self) -> Vote:
        return Vote(*_VOTE.unpack(self._required(b"vote")))

    def set_vote(self, vote: Vote) -> None:
        self._put(b"vote", _VOTE.pack(vote.term, vote.voted_for))

    @property
    def membership(self) -> tuple[int, ...]:
        return _nodes(self._required(b"membership"))

    def set_membership(self, nodes: tuple[int, ...]) -> None:
        self._put(b"membership", b"".join(map(_U64.pack, sorted(nodes))))

    def committed(self) -> Committed:
        """The commit position and whether this node is a group of one, read in one transaction."""
        with self._reading() as transaction:
            commit, members = transaction.get(b"commit"), transaction.get(b"membership")
        if commit is None or members is None:
            raise JournalDamaged("the commit position is missing", self.path)
        return Committed(_U64.unpack(commit)[0], len(members) <= _U64.size)

    def set_commit(self, index: int) -> None:
        self._put(b"commit", _U64.pack(index))

    @property
    def newest_segment(self) -> int:
        """The first index of the segment that was begun last, 0 if none was."""
        with self._reading() as transaction:
            value = transaction.get(b"newest")
        return _U64.unpack(value)[0] if value is not None else 0

    def set_newest_segment(self, first_index: int) -> None:
        self._put(b"newest", _U64.pack(first_index))

    def schemas(self) -> dict[int, bytes]:
        """The IR of every schema version that frames of this journal may have."""
        return self._numbered(b"schema/")

    def skips(self) -> dict[int, bytes]:
        """The overrides of operators, by seq; `seriatim.sequencer.overrides` reads and proves them."""
        return self._numbered(b"skip/")

    def put_skip(self, seq: int, override: bytes) -> None:
        self._put(b"skip/%020d" % seq, override)

    def _numbered(self, prefix: bytes) -> dict[int, bytes]:
        """The entries whose key is a prefix and a number, ascending."""
        with self._reading() as transaction, transaction.cursor() as cursor:
            entries = list(cursor.iternext()) if cursor.set_range(prefix) else []
        return {int(key[len(prefix) :]): value for key, value in entries if key.startswith(prefix)}

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        """A transaction to read in. LMDB does not check its pages; what it notices all the same is damage."""
        try:
            with self._environment.handle.begin() as transaction:
                yield transaction
        except lmdb.Error as error:
            raise JournalDamaged(f"its pages are damaged: {error}", self.path) from error

    def add_schema(self, version: int, ir: bytes) -> None:
        """Keeps the IR of a schema version. Raises `SchemaMismatch` if the journal knows that version otherwise."""
        known = self.schemas().get(version)
        if known is None:
            self._put(_schema_key(version), ir)
        elif known != ir:
            raise SchemaMismatch(
                f"{self.path.parent} was written with another schema of version {version}; "
                "raise the schema's version, or start a new journal"
            )

    def _required(self, key: bytes) -> bytes:
        with self._reading() as transaction:
            value = transaction.get(key)
        if value is None:
            raise JournalDamaged(f"the entry {key.decode()!r} is missing", self.path)
        return value

    def _put(self, key: bytes, value: bytes) -> None:
        try:
            with self._environment.handle.begin(write=True) as transaction:
                transaction.put(key, value)
        except lmdb.Error as error:
            raise JournalFailed(f"cannot write {key.decode()!r} to {self.path}: {error}") from error

    def close(self) -> None:
        self._environment.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def create_meta(
    folder: Path, *, randomness: Callable[[int], bytes], schema_version: int, schema_ir: bytes, segment_bytes: int
) -> None:
    """Makes `meta.lmdb` for a new journal: whole and durable, or not there. `randomness(n)` gives n random bytes."""
    path = folder / META_NAME
    unfinished = new_path(path)
    discard(unfinished)
    node_id = (_U64.unpack(randomness(8))[0]) or 1
    environment: Any = lmdb.open(str(unfinished), subdir=False, lock=False, map_size=MAP_BYTES, max_dbs=0)
    try:
        with environment.begin(write=True) as transaction:
            transaction.put(b"format", _U32.pack(FORMAT_VERSION))
            transaction.put(b"cluster", randomness(16))
            transaction.put(b"node", _U64.pack(node_id))
            transaction.put(b"segment_bytes", _U64.pack(segment_bytes))
            transaction.put(b"vote", _VOTE.pack(0, 0))
            transaction.put(b"membership", _U64.pack(node_id))
            transaction.put(b"commit", _U64.pack(0))
            transaction.put(_schema_key(schema_version), schema_ir)
    finally:
        environment.close()
    # At full size from the first day, so that a full disk cannot keep a node from voting.
    write_zeros(unfinished, used_bytes(unfinished), MAP_BYTES)
    adopt(unfinished, path)


def _schema_key(version: int) -> bytes:
    return b"schema/%05d" % version


def _nodes(value: bytes) -> tuple[int, ...]:
    return tuple(node for (node,) in _U64.iter_unpack(value))

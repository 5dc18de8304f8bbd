"""A segment: one LMDB environment that holds consecutive blocks, keyed by log index."""

from pathlib import Path
from typing import Any, Self

import lmdb

from seriatim.journal.block import Block
from seriatim.journal.environment import Environment, open_environment
from seriatim.journal.errors import JournalDamaged
from seriatim.journal.layout import KEY, segment_path


class Segment:
    """Blocks from `first_index` on. The writer puts into the last segment; every other one never changes."""

    def __init__(self, folder: Path, first_index: int) -> None:
        self.first_index = first_index
        self.path = segment_path(folder, first_index)
        self.environment: Environment = open_environment(self.path)

    def put(self, index: int, block: Any) -> None:
        """Commits one block in a transaction of its own; durable on return. Raises what py-lmdb raises."""
        with self.environment.handle.begin(write=True) as transaction:
            transaction.put(KEY.pack(index), block, append=True, overwrite=False)

    def last(self, end_index: int | None = None) -> Block | None:
        """The last block (below `end_index`), as a copy that outlives the segment; None if there is none."""
        if end_index is None:
            return self._copy(lambda cursor: cursor.last())
        return self._copy(lambda cursor: cursor.prev() if cursor.set_range(KEY.pack(end_index)) else cursor.last())

    def first(self) -> Block | None:
        """The first block, as a copy; None if there is none."""
        return self._copy(lambda cursor: cursor.first())

    def get(self, index: int) -> Block | None:
        """The block of that index, as a copy; None if the segment does not hold it."""
        return self._copy(lambda cursor: cursor.set_key(KEY.pack(index)))

    def _copy(self, seek: Any) -> Block | None:
        try:
            with self.environment.handle.begin() as transaction, transaction.cursor() as cursor:
                if not seek(cursor):
                    return None
                return self.decode(cursor.key(), cursor.value())
        except lmdb.Error as error:
            raise JournalDamaged(f"its pages are damaged: {error}", self.path) from error

    def first_seq(self, index: int) -> int:
        """The first sequence number of a block that the segment holds, from its unchecked header."""
        with self.environment.handle.begin(buffers=True) as transaction:
            value = transaction.get(KEY.pack(index))
            if value is None:
                raise JournalDamaged(f"block {index} is missing", self.path, index)
            return Block(value).first_seq

    def decode(self, key: bytes, value: Any) -> Block:
        """A record as a block. Raises `JournalDamaged` unless header, checksum and key agree."""
        try:
            block = Block(value)
            block.check_crc()
        except JournalDamaged as error:
            raise JournalDamaged(error.detail, self.path, int.from_bytes(key, "big")) from None
        if bytes(key) != KEY.pack(block.index):
            raise JournalDamaged(f"block {block.index} is filed under key {bytes(key).hex()}", self.path, block.index)
        return block

    def close(self) -> None:
        self.environment.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

"""Builds chains of blocks, as the sequencer would, and journals that hold them."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seriatim.journal import Block, JournalWriter, Position
from seriatim.journal.position import START

SEGMENT_BYTES = 1 << 20


def chain(count: int, after: Position = START, *, messages: int = 3, message_bytes: int = 88) -> Iterator[Block]:
    """`count` blocks that follow `after`, each of `messages` commands."""
    command = bytes(range(256)) * (message_bytes // 256 + 1)
    for _ in range(count):
        commands = [command[:message_bytes]] * messages
        block = Block.build(
            after.index + 1, after.next_seq, commands, time_ns=after.time_ns + 1, previous_hash=after.hash, term=1
        )  # fmt: skip
        after = Position.after(block)
        yield block


def open_writer(folder: Path, **options: Any) -> JournalWriter:
    """A writer with small segments and ids that every test run draws alike."""
    settings = {"segment_bytes": SEGMENT_BYTES, "spares": 1, "schema_ir": b"ir", "schema_version": 0} | options
    return JournalWriter(folder, randomness=random.Random(1).randbytes, **settings)


def write_blocks(folder: Path, count: int, **options: Any) -> list[bytes]:
    """Appends `count` blocks and closes; returns their bytes."""
    shape = {name: options.pop(name) for name in ("messages", "message_bytes") if name in options}
    with open_writer(folder, **options) as writer:
        blocks = list(chain(count, writer.position, **shape))
        for block in blocks:
            writer.append(block.index, block.data)
    return [bytes(block.data) for block in blocks]

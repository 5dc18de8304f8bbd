"""Where a log stands after a block: what the next one must carry."""

from dataclasses import dataclass

from seriatim.journal.block import NO_HASH, Block
from seriatim.journal.errors import OutOfOrder


@dataclass(frozen=True, slots=True)
class Position:
    """The end of a log. `index` is that of its last block, `hash` the SHA-256 of that block's header."""

    index: int = 0
    hash: bytes = NO_HASH
    next_seq: int = 1
    term: int = 0
    time_ns: int = 0

    @classmethod
    def after(cls, block: Block) -> "Position":
        return cls(block.index, block.hash(), block.next_seq, block.term, block.time_ns)

    def check_next(self, block: Block) -> None:
        """Raises `OutOfOrder` unless the block is the one that follows here."""
        if block.index != self.index + 1:
            raise OutOfOrder(f"block {block.index} cannot follow block {self.index}")
        if block.previous_hash != self.hash:
            raise OutOfOrder(
                f"block {block.index} does not name block {self.index} as its predecessor: the chain is broken"
            )
        if block.first_seq != self.next_seq:
            raise OutOfOrder(f"block {block.index} starts at seq {block.first_seq} where {self.next_seq} is next")
        if block.term < self.term:
            raise OutOfOrder(f"block {block.index} has term {block.term} after term {self.term}")


START = Position()

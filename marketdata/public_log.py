"""The public log: every packet that was ever published, by number, derived from the journal like the event log.

It is kept by the event log's writer: a record for each block, whose rows are the words of its packets, and an index
from the first number of a record to its place.
"""

import bisect

import numpy as np

from seriatim.journal.event_log import EventLog
from seriatim.marketdata.market import Packets, find_packets
from seriatim.schemas import MarketPacket

HEADER_BYTES = 8 + MarketPacket.BLOCK_LENGTH
WORD = np.dtype([("packets", "<u8")])
"""Packets start at multiples of 8 bytes."""
INDEX_SESSION = 0
"""No client's: the public log has no sessions, and files numbers under this one."""


def words_of(packets: Packets) -> np.ndarray:
    """A record's rows; a copy."""
    words = np.zeros(-(-len(packets.data) // WORD.itemsize), WORD)
    words.view(np.uint8)[: len(packets.data)] = packets.data
    return words


class PublicLog(EventLog):
    """Reads a public log that a publisher may be writing. For one thread; everything that it gives is a copy.

    Raises `NotThisEventLog`; reading raises `EventLogDamaged`.
    """

    row = WORD
    who = "publisher"

    def packets(self, from_number: int, to_number: int) -> Packets:
        """The packets of one record with messages of `from_number` up to before `to_number`; none if it is not there
        (yet). Its `next_number` is where to go on."""
        record = self.holding(INDEX_SESSION, from_number)
        data = np.zeros(0, np.uint8) if record is None else record.events.rows.view(np.uint8)
        return _of(data, from_number, to_number)


class Recent:
    """What was published and is not in the log yet."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._words: list[np.ndarray] = []

    def add(self, packets: Packets, words: np.ndarray) -> None:
        """The packets of the next block, with the words of its record."""
        self._firsts.append(packets.first_number)
        self._words.append(words)

    def clear(self) -> None:
        """All of it is in the log now."""
        self._firsts.clear()
        self._words.clear()

    def packets(self, from_number: int, to_number: int) -> Packets:
        """As `PublicLog.packets`."""
        place = bisect.bisect_right(self._firsts, from_number) - 1
        data = self._words[place].view(np.uint8) if place >= 0 else np.zeros(0, np.uint8)
        return _of(data, from_number, to_number)


def _of(data: np.ndarray, from_number: int, to_number: int) -> Packets:
    found = find_packets(data, from_number, to_number)
    if not len(found):
        return Packets(data, found.offsets, found.lengths, from_number, from_number)
    return Packets(data, found.offsets, found.lengths, from_number, min(to_number, next_number_of(found)))


def next_number_of(packets: Packets) -> int:
    """The number after the last message of the last packet."""
    start = int(packets.offsets[-1])
    header = MarketPacket.wrap(packets.data[start : start + HEADER_BYTES].tobytes())
    return header.first_number + header.count

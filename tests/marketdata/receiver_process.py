"""A receiver in a process of its own, which a test stops and lets go on: polls until it is where its input says, the
number of a message, and says what it had.

python -m tests.marketdata.receiver_process AERON_DIR
"""

import json
import sys
import threading

import numpy as np

from seriatim.marketdata import Receiver, UpdateKind
from seriatim.tools.drill.book_judge import digest_of_books
from tests.marketdata.market_help import INSTRUMENT


def main() -> None:
    wanted: list[int] = []
    threading.Thread(target=lambda: wanted.append(int(sys.stdin.readline())), daemon=True).start()
    numbers = []
    with Receiver(aeron_dir=sys.argv[1]) as receiver:
        receiver.wait_until_current()
        print("current", flush=True)
        while not (wanted and receiver.is_current and receiver.standing.next_number == wanted[0]):
            updates = receiver.poll()
            numbers.append(updates["number"][updates["kind"] != UpdateKind.SNAPSHOT])
        standing = receiver.standing
        result = {
            "next_number": standing.next_number,
            "skipped": standing.counts["skipped"],
            "in_order": bool((np.diff(np.concatenate(numbers)) == 1).all()),
            "digest": digest_of_books(receiver.books, INSTRUMENT).hex(),
        }
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()

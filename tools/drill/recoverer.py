"""The child process of `drill power`: opens images of a journal as a starting node would, and reads them to their end.

python -m seriatim.tools.drill.recoverer      (folders on standard input, one a line; a JSON object for each)

Bad pages may kill it; whoever started it then knows which image did.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from seriatim.journal import JournalError, JournalReader, JournalWriter
from seriatim.journal.writer import SEGMENT_BYTES_MIN
from seriatim.schemas import SCHEMA
from seriatim.schemas.dynamic import bundled_ir


def recover(folder: Path) -> dict[str, Any]:
    """Where the log ends, by a reader that checks every block: index, seq, hash of the last header. Or the `error`."""
    try:
        writer = JournalWriter(
            folder,
            randomness=os.urandom,
            schema_ir=bundled_ir(),
            schema_version=SCHEMA.version,
            segment_bytes=SEGMENT_BYTES_MIN,
            spares=0,
        )
        writer.close()
        index, seq, header_hash = 0, 0, ""
        with JournalReader(folder) as reader:
            for block in reader:
                index, seq, header_hash = block.index, block.next_seq - 1, block.hash().hex()
    except (JournalError, OSError) as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {"index": index, "seq": seq, "hash": header_hash}


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    for line in sys.stdin:
        print(json.dumps(recover(Path(line.rstrip("\n")))), flush=True)


if __name__ == "__main__":
    main()

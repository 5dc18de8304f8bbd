"""Which files an event log's folder holds, and how its records are filed.

    log.json                     whose events these are, and in which form
    00000000000000000001.lmdb    a segment: the records from that seq on, up to the name of the next segment
    *.lmdb-lock, writer.lock     as in a journal
    00…1.lmdb.new, log.json.new  being made; worthless after a crash

In a segment, one unnamed LMDB database holds records and sessions:

    'r' seq                      a record, by its first seq
    's' session number           the first seq of a record in which the session's commands begin with that number
"""

import json
import os
import re
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seriatim.engine import EVENT
from seriatim.journal.errors import NotThisEventLog
from seriatim.journal.layout import WRITER_LOCK_NAME, new_path, scan, sync_folder

META_NAME = "log.json"
FORMAT = 1

SEQ = struct.Struct(">Q")
RECORDS, SESSIONS = b"r", b"s"
_UNFINISHED = re.compile(r"(\d{20}\.lmdb|log\.json)\.new")
_OWN = re.compile(r"\d{20}\.lmdb(-lock|\.new-lock)?|log\.json")
_RECORD_KEY = struct.Struct(">cQ")
_SESSION_KEY = struct.Struct(">cIQ")


def record_key(first_seq: int) -> bytes:
    return _RECORD_KEY.pack(RECORDS, first_seq)


def session_key(session: int, number: int) -> bytes:
    return _SESSION_KEY.pack(SESSIONS, session, number)


def session_of(key: bytes) -> int | None:
    """The session that a key of the index is of; None for the key of a record."""
    return _SESSION_KEY.unpack(key)[1] if key[:1] == SESSIONS else None


@dataclass(frozen=True, slots=True)
class LogContents:
    """What is in a folder, as an event log sees it. A journal's spares and its `running` are strangers here."""

    segments: list[int]
    unfinished: list[Path]
    strangers: list[Path]


def scan_log(folder: Path) -> LogContents:
    """Sorts the files of a folder. Raises OSError."""
    names = sorted(os.listdir(folder))
    unfinished = [folder / name for name in names if _UNFINISHED.fullmatch(name)]
    known = {path.name for path in unfinished} | {WRITER_LOCK_NAME}
    strangers = [folder / name for name in names if name not in known and not _OWN.fullmatch(name)]
    return LogContents(segments(folder), unfinished, strangers)


def segments(folder: Path) -> list[int]:
    """The first seq of each segment, ascending."""
    return scan(folder).segments


def is_another_kind(found: dict[str, object], row: np.dtype) -> bool:
    """Whether what `log.json` says is of a log of other things than such rows. Releases add columns or take some away;
    kinds have none in common."""
    columns = found.get("row")
    return isinstance(columns, list) and set(map(str, columns)).isdisjoint(row.names or ())


def describe(cluster_id: bytes, row: np.dtype = EVENT) -> dict[str, object]:
    """What `log.json` holds for the journal of that cluster id, in a log whose records are made of such rows."""
    return {"format": FORMAT, "cluster": cluster_id.hex(), "row_bytes": row.itemsize, "row": list(row.names or ())}


def row_bytes(folder: Path, otherwise: int = EVENT.itemsize) -> int:
    """Of a row of the log in this folder, as its `log.json` says."""
    found = (read_meta(folder) or {}).get("row_bytes")
    return found if isinstance(found, int) else otherwise


def write_meta(folder: Path, cluster_id: bytes, row: np.dtype = EVENT) -> None:
    """Durable on return."""
    unfinished = new_path(folder / META_NAME)
    with unfinished.open("w") as file:
        json.dump(describe(cluster_id, row), file)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(folder / META_NAME)
    sync_folder(folder)


def read_meta(folder: Path) -> dict[str, object] | None:
    """What `log.json` says; None if there is none that can be read."""
    try:
        found = json.loads((folder / META_NAME).read_text())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def check_readable(folder: Path, row: np.dtype = EVENT) -> None:
    """Raises `NotThisEventLog` unless the folder holds an event log of this form."""
    found = read_meta(folder)
    if found is None:
        raise NotThisEventLog(f"there is no event log in {folder}; `seriatim recorder` makes one")
    if is_another_kind(found, row):
        raise NotThisEventLog(f"{folder} holds a log of another kind; open it with the reader of that kind")
    wanted = describe(b"", row)
    if any(found.get(name) != wanted[name] for name in ("format", "row_bytes", "row")):
        raise NotThisEventLog(f"the event log in {folder} is of another release; start this one's recorder on it")

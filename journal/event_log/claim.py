"""Whose a folder is: an event log is written only where there is one of the same journal, or nothing."""

from pathlib import Path

import numpy as np

from seriatim.engine import EVENT
from seriatim.journal.errors import NotThisEventLog
from seriatim.journal.event_log.examine import examine
from seriatim.journal.event_log.layout import LogContents, describe, is_another_kind, read_meta, scan_log, write_meta
from seriatim.journal.layout import segment_path
from seriatim.journal.prepare import discard
from seriatim.journal.space import reserve_lock_file


def check_claim(folder: Path, cluster_id: bytes, row: np.dtype = EVENT) -> LogContents:
    """What the folder holds; changes nothing. Raises `NotThisEventLog` unless that journal's log may be there."""
    contents = scan_log(folder)
    if contents.strangers:
        name = contents.strangers[0].name
        raise NotThisEventLog(f"{folder} holds {name!r}, something else than an event log; name a new folder")
    found = read_meta(folder)
    if found is not None and found.get("cluster") != describe(cluster_id)["cluster"]:
        raise NotThisEventLog(f"{folder} holds the event log of another journal; name a new folder")
    if found is not None and is_another_kind(found, row):
        raise NotThisEventLog(
            f"{folder} holds a log of another kind: a recorder's events and a publisher's packets need a folder each; "
            "name a new folder"
        )
    if found is None and contents.segments and not any(end.index for end in examine(folder, row_bytes=row.itemsize)):
        # A journal's segments have the same names, and so have those of the other kind of log.
        raise NotThisEventLog(
            f"{folder} holds segments and no log.json that could be read, and they are not those of an event log; "
            "name a new folder"
        )
    return contents


def claim(folder: Path, cluster_id: bytes, row: np.dtype = EVENT) -> bool:
    """Makes the folder that journal's event log; true if segments of another form had to be deleted for it. Call it
    with the writer lock held. Raises `NotThisEventLog`, `JournalFull`, OSError."""
    contents = check_claim(folder, cluster_id, row)
    for path in contents.unfinished:
        discard(path)
    if read_meta(folder) == describe(cluster_id, row):
        for first_seq in contents.segments:
            reserve_lock_file(segment_path(folder, first_seq))
        return False
    for first_seq in reversed(contents.segments):
        discard(segment_path(folder, first_seq))
    write_meta(folder, cluster_id, row)
    return bool(contents.segments)

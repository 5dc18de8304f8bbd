"""LMDB environments, opened once per file and process, checked before they are mapped, and refused after a fork.

LMDB's locks belong to the process, so a second environment on the same file would share and then drop them; whoever
opens a file again here gets the environment that is already there. And LMDB trusts its pages: a file shorter than its
own meta page says kills the process with SIGBUS, so the length is checked first.
"""

import os
import struct
import threading
from pathlib import Path
from typing import Any

import lmdb

from seriatim.journal.errors import JournalClosed, JournalDamaged, JournalError, UnknownFormat, UsedAfterFork
from seriatim.journal.layout import check_name, lock_path
from seriatim.journal.space import MAX_READERS, reserve_lock_file

# LMDB 0.9: a meta page is a page header (page number, pad, flags, lower, upper), then MDB_meta: magic, version, fixed
# address, map size, two MDB_db records (the first one's pad is the page size), last used page, transaction id.
_META = struct.Struct("<QHHHH II QQ I44x 48x QQ")
_META_FLAG, _MAGIC, _DATA_VERSION = 0x08, 0xBEEFC0DE, 1

_opened: dict[tuple[int, int], "Environment"] = {}
_guard = threading.Lock()


class Environment:
    """A shared, counted LMDB environment; `close` gives back one share.

    `handle` is the py-lmdb environment. Raises `UsedAfterFork` in a forked child, `JournalClosed` after `close`.
    """

    def __init__(self, path: Path, key: tuple[int, int], handle: Any) -> None:
        self.path = path
        self.shares = 1
        self.key = key
        """By which this process tells the file from others: `file_key`."""
        self._handle: Any = handle
        self._pid = os.getpid()

    @property
    def handle(self) -> Any:
        if self._pid != os.getpid():
            raise UsedAfterFork(f"{self.path} was opened by process {self._pid}; open the journal again in this one")
        if self._handle is None:
            raise JournalClosed(f"{self.path} is closed")
        return self._handle

    def close(self) -> None:
        if self._pid != os.getpid():
            return  # The parent's environment: closing it here would disturb the lock table that both map.
        with _guard:
            self.shares -= 1
            if self.shares == 0:
                del _opened[self.key]
                handle, self._handle = self._handle, None
                handle.close()


def file_key(status: os.stat_result) -> tuple[int, int]:
    """What tells a file from others while it is open, whatever its name."""
    return status.st_dev, status.st_ino


def open_environment(path: Path) -> Environment:
    """Opens an environment that exists, or shares it if this process has it open already.

    Raises `FileNotFoundError`, `JournalDamaged` (too short, not LMDB), `UnknownFormat` (another LMDB), `JournalFull`
    (no room for its lock file), `NotAJournal` (a name that is not UTF-8), `JournalError`.
    """
    check_name(path.parent)
    with _guard:
        status = path.stat()
        key = file_key(status)
        known = _opened.get(key)
        if known is not None and known._pid == os.getpid():
            known.shares += 1
            return known
        used_bytes(path)
        reserve_lock_file(path)
        environment = Environment(path, key, _open_lmdb(path, status.st_size))
        _opened[key] = environment
        return environment


def _open_lmdb(path: Path, map_bytes: int) -> Any:
    """Opens for writing where the file allows it, since one process may have one environment for both; nothing is
    created. The map is as large as the file, which the writer made at full size."""
    writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    options = {"subdir": False, "create": False, "map_size": map_bytes, "max_readers": MAX_READERS, "max_dbs": 0}
    try:
        handle = lmdb.open(str(path), readonly=not writable, **options)
        if writable:
            handle.reader_check()  # Frees the slots of readers that died, of which there are only so many.
        return handle
    except (lmdb.CorruptedError, lmdb.InvalidError, lmdb.PanicError) as error:
        raise JournalDamaged(f"LMDB cannot open the file: {error}", path) from error
    except lmdb.VersionMismatchError as error:
        raise UnknownFormat(f"{path} or {lock_path(path)} was written by another version of LMDB: {error}") from error
    except lmdb.Error as error:
        raise JournalError(f"cannot open {path}: {error}") from error


def used_bytes(path: Path) -> int:
    """How much of an environment's file its pages take, read without LMDB.

    Raises `JournalDamaged` when the file is not LMDB's or is shorter than that.
    """
    if not path.is_file():
        raise JournalDamaged("not a file", path)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        page_bytes, last_page = _read_meta(file.read(_META.size), path)
        file.seek(page_bytes)
        second = file.read(_META.size)
        # Each commit writes the other meta page; the older of the two never names more pages than the file holds.
        used = (max(last_page, _read_meta(second, path)[1]) + 1) * page_bytes
    if size < used:
        raise JournalDamaged(f"the file has {size} bytes where its pages take {used}: it was cut short", path)
    return used


def _read_meta(page: bytes, path: Path) -> tuple[int, int]:
    """Page size in bytes and last used page."""
    if len(page) < _META.size:
        raise JournalDamaged("the file ends within its first pages", path)
    _number, _pad, flags, _lower, _upper, magic, version, _address, _map, page_bytes, last_page, _txn = _META.unpack(
        page
    )
    if not flags & _META_FLAG or magic != _MAGIC:
        raise JournalDamaged("the file is not an LMDB environment", path)
    if version != _DATA_VERSION:
        raise UnknownFormat(f"{path} has LMDB data version {version}; this one reads version {_DATA_VERSION}")
    if not 512 <= page_bytes <= 65536 or page_bytes & (page_bytes - 1):
        raise JournalDamaged(f"the file claims pages of {page_bytes} bytes", path)
    return page_bytes, last_page

"""The session that an operator's commands share.

Each command is a process of its own, and a session once opened is part of the order for good: one for each command
would use up, in time, the sessions that an order may ever open. So a command notes its session in the media driver's
folder, and the next one goes on with it. It takes it from nobody: a node lets in who knows the session's `instance`,
unless another client has logged on since. The note goes with the driver.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from seriatim.client import Client
from seriatim.config import ClientConfig
from seriatim.errors import LogonRefused
from seriatim.schemas import RefusalReason

GONE = (
    RefusalReason.STALE_EPOCH,
    RefusalReason.UNKNOWN_SESSION,
    RefusalReason.SESSION_EXPIRED,
    RefusalReason.ANOTHER_USERS,
)
"""Why a noted session is not ours to go on with: somebody else has it, or the node has another order."""
INSTANCE_BITS, SESSION_BITS = 64, 32
NOTE_BYTES_MAX = 256


class Place(NamedTuple):
    """A session, 0 for a new one, and what tells its client from others."""

    session: int
    instance: int


@contextmanager
def operators_client(config: ClientConfig) -> Iterator[Client]:
    """A client that has logged on to the session of the last command, or to a new one if that is in use, or gone.
    Raises what a client raises."""
    with _noted(config) as note:
        client = _logged_on(config, _read(note))
        try:
            _write(note, Place(client.session, client.instance))
            yield client
        finally:
            client.close()


def _logged_on(config: ClientConfig, last: Place | None) -> Client:
    if last is not None:
        client = Client(config, session=last.session, instance=last.instance)
        try:
            client.connect()
        except LogonRefused as error:
            if error.reason not in GONE:
                raise
        else:
            return client
    client = Client(config)
    client.connect()
    return client


@contextmanager
def _noted(config: ClientConfig) -> Iterator[int | None]:
    """The file with the note, for nobody else meanwhile; None if somebody else has it, or there can be none."""
    whose = hashlib.sha256(f"{config.user}\n{config.ingress}".encode()).hexdigest()[:16]
    path = Path(config.aeron_dir) / f"seriatim-admin-{whose}"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        yield None
        return
    try:
        yield handle if _lock(handle) else None
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _read(note: int | None) -> Place | None:
    try:
        found = json.loads(os.pread(note, NOTE_BYTES_MAX, 0)) if note is not None else None
    except (OSError, ValueError):
        return None
    match found:
        case {"session": int(session), "instance": int(instance)}:
            fits = 0 < session < 1 << SESSION_BITS and 0 <= instance < 1 << INSTANCE_BITS
            return Place(session, instance) if fits else None
    return None


def _write(note: int | None, place: Place) -> None:
    if note is None:
        return
    os.ftruncate(note, 0)
    os.pwrite(note, json.dumps(place._asdict()).encode(), 0)

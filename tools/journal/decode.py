"""Decodes the commands of a journal by the schemas that the journal carries, not by those of this version."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from seriatim.journal import Meta
from seriatim.schemas import CodecError
from seriatim.schemas.dynamic import load
from seriatim.schemas.schema import Schema

COMMAND_TEMPLATE = 1
SBE_VERSION = slice(6, 8)


def command_decoder(folder: Path) -> Callable[[memoryview], dict[str, Any]]:
    """A decoder of command frames: the fields of `Command`, then the body's name as `message`, its values as `fields`.

    What cannot be decoded is told as `error`, with its bytes in hexadecimal: a dump goes on behind it. Raises
    `JournalError` if there is no journal, `CodecError` if a schema in it cannot be read.
    """
    with Meta(folder) as meta:
        irs = meta.schemas()
    schemas = {version: load(ir) for version, ir in irs.items()}
    return lambda frame: _command(schemas, bytes(frame))


def _command(schemas: dict[int, Schema], frame: bytes) -> dict[str, Any]:
    try:
        header = _schema(schemas, frame).decode(frame)
        if header.TEMPLATE_ID != COMMAND_TEMPLATE:
            raise CodecError("not a command frame", message=type(header).__qualname__)
        fields = header.as_json()
    except CodecError as error:
        return {"error": str(error), "bytes": frame.hex()}
    return {**fields, **_body(schemas, frame[header.encoded_length :])}


def _body(schemas: dict[int, Schema], body: bytes) -> dict[str, Any]:
    try:
        message = _schema(schemas, body).decode(body)
        return {"message": type(message).__qualname__, "fields": message.as_json()}
    except CodecError as error:
        return {"error": str(error), "bytes": body.hex()}


def _schema(schemas: dict[int, Schema], message: bytes) -> Schema:
    """The schema of the version that the message names, or the newest that the journal has."""
    version = int.from_bytes(message[SBE_VERSION], "little")
    return schemas.get(version) or schemas[max(schemas)]

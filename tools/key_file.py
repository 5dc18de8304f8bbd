"""The file with a venue's key, as every command reads it."""

from pathlib import Path

from seriatim.errors import ConfigError
from seriatim.limits import KEY_BYTES_MAX

NEWLINES = (b"\r\n", b"\n")


def read_key(path: Path | None) -> bytes:
    """The key in a file, without the one newline that an editor leaves at its end; empty without a file.

    Raises ConfigError for a file that is empty, blank, or larger than a key: it is another file, or was cut off.
    """
    if path is None:
        return b""
    with path.open("rb") as file:
        key = file.read(KEY_BYTES_MAX + 1)
    if len(key) > KEY_BYTES_MAX:
        raise ConfigError(f"{path} is larger than any key, {KEY_BYTES_MAX} bytes; name the file that holds the key")
    if not key.strip():
        raise ConfigError(f"{path} holds no key, it is empty or blank; write one into it, or leave --key-file out")
    return key.removesuffix(next((newline for newline in NEWLINES if key.endswith(newline)), b""))

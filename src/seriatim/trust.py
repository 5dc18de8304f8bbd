"""Who may reach a node or a recorder: over the network nobody without a key, from elsewhere nobody unless asked for."""

import ipaddress
import os
import secrets
import socket
from collections.abc import Sequence
from pathlib import Path

from seriatim.aeron import Channel, ConfigurationError
from seriatim.errors import ConfigError
from seriatim.limits import KEY_BYTES_MAX

KEY_BYTES = 32
NEWLINES = (b"\r\n", b"\n")
KEYGEN = "`seriatim keygen FILE` makes a file with one, which --key-file names on both sides"


def check_listening(channels: Sequence[str], key: bytes, beyond_loopback: bool) -> None:
    """Raises ConfigError for a channel that would let in who has no key, or who is elsewhere without being asked for.

    IPC needs no key: its buffers are files, which their owner and the umask protect. What is no channel at all is
    left to whoever opens it.
    """
    for text in channels:
        try:
            channel = Channel.parse(text)
        except ConfigurationError:
            continue
        if channel.media == "ipc":
            continue
        if not key:
            raise ConfigError(f"channel {text!r} takes in whoever can send to it, so it needs a key: {KEYGEN}")
    check_reach(channels, beyond_loopback)


def check_reach(channels: Sequence[str], beyond_loopback: bool) -> None:
    """Raises ConfigError for a channel that reaches beyond this machine without being asked to."""
    for text in channels:
        try:
            channel = Channel.parse(text)
        except ConfigurationError:
            continue
        if channel.media != "ipc" and not beyond_loopback and not resolves_to_loopback(channel):
            raise ConfigError(
                f"channel {text!r} listens beyond this machine. What Aeron sends there is not encrypted: on a network "
                "that you trust, allow it with --listen-beyond-loopback (listen_beyond_loopback); otherwise use "
                "127.0.0.1, or ::1"
            )


def check_channel(what: str, text: str) -> None:
    """Raises ConfigError for what is no Aeron channel to listen on, or to reach somebody over."""
    shape = "a channel looks like aeron:ipc, or like aeron:udp?endpoint=127.0.0.1:9301"
    if not isinstance(text, str):
        raise ConfigError(f"{what} is {text!r}, which is no text; {shape}")
    try:
        is_spy = Channel.parse(text).is_spy
    except ConfigurationError as error:
        raise ConfigError(f"{what} is {text!r}: {error}; {shape}") from error
    if is_spy:
        raise ConfigError(f"{what} is {text!r}, which is for who reads what others send; {shape}")


def is_loopback(channel: Channel) -> bool:
    """Whether a UDP channel stays on this machine as it is written: in 127.0.0.0/8, or ::1. Looks no name up."""
    return bool(hosts(channel)) and all(host == "localhost" or _is_loopback(host) for host in hosts(channel))


def resolves_to_loopback(channel: Channel) -> bool:
    """The same of a channel of our own, whose names may be looked up, which can take seconds."""
    return bool(hosts(channel)) and all(
        found and all(_is_loopback(address) for address in found) for found in map(_addresses, hosts(channel))
    )


def hosts(channel: Channel) -> list[str]:
    """Those that a UDP channel names as the places it receives from and sends to."""
    named = (channel.parameters.get(name) for name in ("endpoint", "control"))
    return [place.rpartition(":")[0].strip("[]") for place in named if place is not None]


def _addresses(host: str) -> set[str]:
    try:
        return {str(where[0]) for *_, where in socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)}
    except OSError:
        return set()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


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


def write_key(file: Path) -> None:
    """Makes a file with a new random key, which its owner alone can read. Raises ConfigError if there is one."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigError(
            f"{file} is there already, and a key that is lost cannot be made again: name a new file"
        ) from None
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_hex(KEY_BYTES) + "\n")

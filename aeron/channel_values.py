"""The kinds of value that a channel's parameters take: how each is checked, written and read."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from seriatim.aeron.errors import ConfigurationError

_SIZES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_DURATIONS_NS = {"": 1, "ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9}
_INT32, _INT64 = (-(2**31), 2**31 - 1), (-(2**63), 2**63 - 1)
_TERM_BYTES = (1 << 16, 1 << 30)
_FRAME_ALIGNMENT = 32
_MTU_BYTES = (64, 65_504)
_TAGS_MAX = 2


def fail(name: str, value: object, wanted: str) -> ConfigurationError:
    """The error for a value that does not fit."""
    return ConfigurationError(f"channel parameter {name}: expected {wanted}, got {value!r}")


@dataclass(frozen=True)
class Kind:
    """One parameter: Aeron's key, and functions of (name, value)."""

    key: str
    check: Callable[[str, Any], Any]
    parse: Callable[[str, str], Any]
    text: Callable[[Any], str] = str


def check_address(name: str, value: str) -> tuple[str, int]:
    """Splits ``host:port`` or ``[ipv6]:port``."""
    host, _, port = value.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not bare or (":" in bare and bare == host) or not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > 65_535:
        raise fail(name, value, "host:port, with an IPv6 host in brackets")
    return bare, int(port)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value or "|" in value or not value.isprintable() or " " in value:
        raise fail(name, value, "text without spaces and '|'")
    return value


def _address(name: str, value: Any) -> str:
    check_address(name, _text(name, value))
    return value


def _one_of(*choices: str) -> Callable[[str, Any], str]:
    def check(name: str, value: Any) -> str:
        if value not in choices:
            raise fail(name, value, " or ".join(repr(choice) for choice in choices))
        return value

    return check


def _int(low: int, high: int, multiple: int = 1) -> Callable[[str, Any], int]:
    def check(name: str, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high or value % multiple:
            step = f" in steps of {multiple}" if multiple > 1 else ""
            raise fail(name, value, f"a whole number from {low} to {high}{step}")
        return value

    return check


def _int_or(word: str, low: int, high: int) -> Callable[[str, Any], int | str]:
    """A number, or text such as ``tag:3`` or ``reserved``."""

    def check(name: str, value: Any) -> int | str:
        if isinstance(value, str) and re.fullmatch(word, value):
            return value
        return _int(low, high)(name, value)

    return check


def _term_length(name: str, value: Any) -> int:
    checked = _int(*_TERM_BYTES)(name, value)
    if checked & (checked - 1):
        raise fail(name, value, "a power of two from 64 KiB to 1 GiB")
    return checked


def _bool(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise fail(name, value, "True or False")
    return value


def _tags(name: str, value: Any) -> tuple[int, ...]:
    tags = tuple(value) if isinstance(value, tuple | list) else (value,)
    if not 1 <= len(tags) <= _TAGS_MAX:
        raise fail(name, value, "one or two tags")
    return tuple(_int(0, _INT64[1])(name, tag) for tag in tags)


def _parse_int(name: str, text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,20}", text):
        raise fail(name, text, "a whole number")
    return int(text)


def _parse_unit(units: dict[str, int], wanted: str) -> Callable[[str, str], int]:
    def parse(name: str, text: str) -> int:
        match = re.fullmatch(r"([0-9]{1,20})([a-z]{0,2})", text.lower())
        if match is None or match[2] not in units:
            raise fail(name, text, wanted)
        return int(match[1]) * units[match[2]]

    return parse


def _parse_bool(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise fail(name, text, "'true' or 'false'")
    return text == "true"


def _parse_tags(name: str, text: str) -> tuple[int, ...]:
    return tuple(_parse_int(name, part) for part in text.split(","))


def _parse_int_or_text(_name: str, text: str) -> int | str:
    return int(text) if re.fullmatch(r"-?[0-9]{1,20}", text) else text


def _parse_text(_name: str, text: str) -> str:
    return text


def _number(key: str, low: int, high: int, multiple: int = 1) -> Kind:
    return Kind(key, _int(low, high, multiple), _parse_int)


def _size(key: str, check: Callable[[str, Any], int]) -> Kind:
    return Kind(key, check, _parse_unit(_SIZES, "a size such as 65536, 64k, 16m or 1g"))


def _duration(key: str) -> Kind:
    parse = _parse_unit(_DURATIONS_NS, "a duration such as 5s, 100ms, 20us or 1000ns")
    return Kind(key, _int(0, _INT64[1]), parse, lambda value: f"{value}ns")


def _flag(key: str) -> Kind:
    return Kind(key, _bool, _parse_bool, lambda value: "true" if value else "false")


def _mixed(key: str, word: str, low: int, high: int) -> Kind:
    return Kind(key, _int_or(word, low, high), _parse_int_or_text)


_RESERVED = "reserved"
_UINT31 = (0, _INT32[1])

KINDS: dict[str, Kind] = {
    "endpoint": Kind("endpoint", _address, _parse_text),
    "interface": Kind("interface", _text, _parse_text),
    "control": Kind("control", _address, _parse_text),
    "control_mode": Kind("control-mode", _one_of("manual", "dynamic", "response"), _parse_text),
    "ttl": _number("ttl", 0, 255),
    "mtu_bytes": _size("mtu", _int(*_MTU_BYTES, _FRAME_ALIGNMENT)),
    "term_length_bytes": _size("term-length", _term_length),
    "initial_term_id": _number("init-term-id", *_INT32),
    "term_id": _number("term-id", *_INT32),
    "term_offset": _number("term-offset", 0, _TERM_BYTES[1], _FRAME_ALIGNMENT),
    "session_id": _mixed("session-id", r"tag:[0-9]{1,18}", *_INT32),
    "linger_ns": _duration("linger"),
    "alias": Kind("alias", _text, _parse_text),
    "tags": Kind("tags", _tags, _parse_tags, lambda tags: ",".join(str(tag) for tag in tags)),
    "eos": _flag("eos"),
    "sparse": _flag("sparse"),
    "reliable": _flag("reliable"),
    "tether": _flag("tether"),
    "group": _flag("group"),
    "rejoin": _flag("rejoin"),
    "spies_simulate_connection": _flag("ssc"),
    "flow_control": Kind("fc", _text, _parse_text),
    "group_tag": _number("gtag", *_INT64),
    "congestion_control": Kind("cc", _text, _parse_text),
    "socket_sndbuf_bytes": _size("so-sndbuf", _int(*_UINT31)),
    "socket_rcvbuf_bytes": _size("so-rcvbuf", _int(*_UINT31)),
    "socket_tos": _number("so-tos", 0, 255),
    "receiver_window_bytes": _size("rcv-wnd", _int(*_UINT31)),
    "publication_window_bytes": _size("pub-wnd", _int(*_UINT31)),
    "response_correlation_id": _mixed("response-correlation-id", "prototype", *_INT64),
    "nak_delay_ns": _duration("nak-delay"),
    "untethered_window_limit_timeout_ns": _duration("untethered-window-limit-timeout"),
    "untethered_linger_timeout_ns": _duration("untethered-linger-timeout"),
    "untethered_resting_timeout_ns": _duration("untethered-resting-timeout"),
    "max_resend": _number("max-resend", 1, 256),
    "stream_id": _number("stream-id", *_INT32),
    "media_receive_timestamp_offset": _mixed("media-rcv-ts-offset", _RESERVED, *_UINT31),
    "channel_receive_timestamp_offset": _mixed("channel-rcv-ts-offset", _RESERVED, *_UINT31),
    "channel_send_timestamp_offset": _mixed("channel-snd-ts-offset", _RESERVED, *_UINT31),
}

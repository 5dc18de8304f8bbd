"""Channel URIs: where a stream goes, built from typed parameters and checked before Aeron sees them."""

import difflib
import ipaddress
from collections.abc import Mapping
from types import MappingProxyType
from typing import Self, TypedDict, Unpack

from seriatim.aeron.channel_values import KINDS, check_address, fail
from seriatim.aeron.errors import ConfigurationError

_SPY = "aeron-spy:"
_AERON = "aeron:"
_URI_BYTES_MAX = 4095


class Options(TypedDict, total=False):
    """What a channel may say besides its addresses. Names end in the unit; :data:`URI_KEYS` gives Aeron's names."""

    interface: str
    control_mode: str
    ttl: int
    mtu_bytes: int
    term_length_bytes: int
    initial_term_id: int
    term_id: int
    term_offset: int
    session_id: int | str
    linger_ns: int
    alias: str
    tags: tuple[int, ...]
    eos: bool
    sparse: bool
    reliable: bool
    tether: bool
    group: bool
    rejoin: bool
    spies_simulate_connection: bool
    flow_control: str
    group_tag: int
    congestion_control: str
    socket_sndbuf_bytes: int
    socket_rcvbuf_bytes: int
    socket_tos: int
    receiver_window_bytes: int
    publication_window_bytes: int
    response_correlation_id: int | str
    nak_delay_ns: int
    untethered_window_limit_timeout_ns: int
    untethered_linger_timeout_ns: int
    untethered_resting_timeout_ns: int
    max_resend: int
    stream_id: int
    media_receive_timestamp_offset: int | str
    channel_receive_timestamp_offset: int | str
    channel_send_timestamp_offset: int | str


class Parameters(Options, total=False):
    """Everything that a channel may say."""

    endpoint: str
    control: str


URI_KEYS: Mapping[str, str] = MappingProxyType({name: kind.key for name, kind in KINDS.items()})
_NAMES = {key: name for name, key in URI_KEYS.items()}
_NETWORK_ONLY = (
    "endpoint",
    "interface",
    "control",
    "control_mode",
    "ttl",
    "congestion_control",
    "socket_sndbuf_bytes",
    "socket_rcvbuf_bytes",
    "receiver_window_bytes",
)
_POSITION = ("initial_term_id", "term_id", "term_offset")


class Channel:
    """One channel; immutable, equal when its text is equal. Raises :class:`ConfigurationError` for what cannot work.

    >>> str(Channel.udp("localhost:40123", term_length_bytes=65536))
    'aeron:udp?endpoint=localhost:40123|term-length=65536'
    """

    __slots__ = ("_media", "_parameters", "_spy")

    def __init__(self, media: str, *, spy: bool = False, **parameters: Unpack[Parameters]) -> None:
        if media not in ("ipc", "udp"):
            raise fail("media", media, "'ipc' or 'udp'")
        unknown = [name for name in parameters if name not in KINDS]
        if unknown:
            raise ConfigurationError(f"unknown channel parameter {unknown[0]!r}{_suggestion(unknown[0], KINDS)}")
        self._media = media
        self._spy = spy
        self._parameters: Parameters = {}
        for name, value in parameters.items():
            if value is not None:
                self._parameters[name] = KINDS[name].check(name, value)
        _check_together(media, spy, self._parameters)
        _check_position(self._parameters)
        if len(str(self).encode()) > _URI_BYTES_MAX:
            raise ConfigurationError(f"a channel URI may have {_URI_BYTES_MAX} bytes")

    @classmethod
    def ipc(cls, **options: Unpack[Options]) -> Self:
        """Shared memory, within one driver."""
        return cls("ipc", **options)

    @classmethod
    def udp(cls, endpoint: str | None = None, *, control: str | None = None, **options: Unpack[Options]) -> Self:
        """UDP to, or from, ``host:port``; port 0 lets the system choose (subscriptions)."""
        return cls("udp", **_addressed(options, endpoint, control))

    @classmethod
    def multicast(cls, endpoint: str, **options: Unpack[Options]) -> Self:
        """UDP multicast to ``group:port``. Aeron wants a group whose last byte is odd; the next even one is control."""
        host, _ = check_address("endpoint", endpoint)
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            address = None
        if address is None or not address.is_multicast or not address.packed[-1] % 2:
            raise fail("endpoint", endpoint, "a multicast group whose last byte is odd, such as 224.20.30.39:40456")
        return cls("udp", **_addressed(options, endpoint, None))

    @classmethod
    def mdc(cls, control: str | None = None, endpoint: str | None = None, **options: Unpack[Options]) -> Self:
        """Multi-destination: a publication that sends to many, or a subscription that receives from many.

        With `control` (``host:port``) receivers join by themselves: the publication names it alone, a subscription
        names it with its own `endpoint`. Without, destinations are added by hand (``add_destination``), for a
        publication and a subscription alike.
        """
        options.setdefault("control_mode", "manual" if control is None else "dynamic")
        return cls("udp", **_addressed(options, endpoint, control))

    @classmethod
    def parse(cls, uri: str) -> Self:
        """Reads a URI; the reverse of ``str``."""
        spy = uri.startswith(_SPY)
        rest = uri.removeprefix(_SPY)
        if not rest.startswith(_AERON):
            raise ConfigurationError(f"a channel starts with 'aeron:' or 'aeron-spy:aeron:', got {uri[:80]!r}")
        media, question, query = rest.removeprefix(_AERON).partition("?")
        parameters: Parameters = {}
        for pair in query.split("|") if question else ():
            key, equals, text = pair.partition("=")
            if not equals or not text:
                raise ConfigurationError(f"a channel parameter reads key=value, got {pair!r} in {uri[:80]!r}")
            name = _NAMES.get(key)
            if name is None:
                raise ConfigurationError(f"unknown channel parameter {key!r}{_suggestion(key, _NAMES)}")
            if name in parameters:
                raise ConfigurationError(f"channel parameter {key!r} appears twice")
            parameters[name] = KINDS[name].parse(name, text)
        return cls(media, spy=spy, **parameters)

    @property
    def media(self) -> str:
        """``ipc`` or ``udp``."""
        return self._media

    @property
    def is_spy(self) -> bool:
        """Whether it reads a publication of the same driver from its log buffer."""
        return self._spy

    @property
    def parameters(self) -> Parameters:
        """A copy of the parameters."""
        return self._parameters.copy()

    def replace(self, **parameters: Unpack[Parameters]) -> Self:
        """The same channel with other parameters; None removes one."""
        merged: Parameters = {**self._parameters, **parameters}
        return type(self)(self._media, spy=self._spy, **merged)

    def with_defaults(self, **parameters: Unpack[Parameters]) -> Self:
        """The same channel with these parameters where it has none of its own."""
        return self.replace(**{**parameters, **self._parameters})

    def spy(self) -> Self:
        """A subscription's channel that reads this publication from its log buffer."""
        return type(self)(self._media, spy=True, **self._parameters)

    def __str__(self) -> str:
        query = "|".join(f"{KINDS[name].key}={KINDS[name].text(value)}" for name, value in self._parameters.items())
        return f"{_SPY if self._spy else ''}{_AERON}{self._media}{'?' if query else ''}{query}"

    def __repr__(self) -> str:
        return f"Channel.parse({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Channel):
            return NotImplemented
        return (self._media, self._spy, self._parameters) == (other._media, other._spy, other._parameters)

    def __hash__(self) -> int:
        return hash((self._media, self._spy, tuple(sorted(self._parameters.items()))))


def _addressed(options: Options, endpoint: str | None, control: str | None) -> Parameters:
    """The options and the addresses that were given."""
    addresses: Parameters = {}
    if endpoint is not None:
        addresses["endpoint"] = endpoint
    if control is not None:
        addresses["control"] = control
    return {**addresses, **options}


def _suggestion(name: str, known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _check_together(media: str, spy: bool, parameters: Parameters) -> None:
    """Parameters that need or exclude each other."""
    if media == "ipc":
        misplaced = [name for name in _NETWORK_ONLY if name in parameters]
        if misplaced:
            raise ConfigurationError(f"{misplaced[0]} is for udp channels, not for ipc")
        if spy:
            raise ConfigurationError("spies read udp publications; subscribe to the ipc channel itself")
        return
    addressed = any(name in parameters for name in ("endpoint", "control", "tags"))
    if not addressed and parameters.get("control_mode") != "manual":
        raise ConfigurationError("a udp channel needs an endpoint, a control address, or control_mode 'manual'")
    if parameters.get("control_mode") == "dynamic" and "control" not in parameters:
        raise ConfigurationError("control_mode 'dynamic' needs a control address")


def _check_position(parameters: Parameters) -> None:
    given = [name for name in _POSITION if name in parameters]
    if given and len(given) < len(_POSITION):
        raise ConfigurationError("initial_term_id, term_id and term_offset are given together or not at all")
    if parameters.get("term_offset", 0) > parameters.get("term_length_bytes", 1 << 30):
        raise ConfigurationError("term_offset lies beyond the term's length")

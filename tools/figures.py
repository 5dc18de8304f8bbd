"""What the figures of a result are called where people read them, and their units; `--json` keeps the keys."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

LEAVES = {"p999": "p99.9"}
"""What a part of a name is called when it is not what it is."""


def human(value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "-"}[value]
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.3g}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "\n".join(map(str, value)) or "none"
    return str(value)


def utc(time_ns: int) -> str:
    """UTC with nanoseconds, which datetime alone does not hold."""
    seconds, rest = divmod(time_ns, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}.{rest:09d}"


def size(size_bytes: int) -> str:
    """A size with the unit in which it is a number that a person grasps."""
    value, unit = float(size_bytes), "B"
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if value < 1024 or unit == "TiB":
            break
        value /= 1024
    return f"{value:,.0f} {unit}" if unit == "B" else f"{value:,.1f} {unit}"


@dataclass(frozen=True, slots=True)
class Figure:
    """`words` name it; a `{}` in them is the last part of a name such as `rtt_us.p99`.

    What stands `apart` is too long for a cell: it comes below the table, from the left and, if it has no blanks, whole.
    """

    words: str
    unit: str = ""
    show: Callable[[Any], str] = human
    apart: bool = False


FIGURES = {
    # where an order stands
    "seq": Figure("last seq"),
    "time_ns": Figure("last time", "UTC", utc),
    "index": Figure("last block"),
    "epoch": Figure("epoch of the order"),
    "logic_version": Figure("version of the rules"),
    "outcome_hash": Figure("outcome hash"),
    "state_hash": Figure("state hash"),
    "header_hash": Figure("header hash", apart=True),
    "sessions": Figure("sessions"),
    "live_orders": Figure("live orders"),
    "last_order_id": Figure("last order id"),
    # a replay, a journal
    "messages_per_second": Figure("speed", "messages/s"),
    "messages": Figure("messages"),
    "blocks": Figure("blocks"),
    "bytes": Figure("size of all blocks", show=size),
    "seconds": Figure("time taken", "s"),
    "whole": Figure("whole"),
    "segments": Figure("segments"),
    "last_good_index": Figure("last good block"),
    "problems": Figure("problems", apart=True),
    "skipped": Figure("skipped seq"),
    "journal": Figure("journal"),
    # a snapshot
    "snapshot": Figure("snapshot"),
    "resting_orders": Figure("resting orders"),
    "snapshot_s": Figure("a snapshot", "s"),
    "load_s": Figure("a load", "s"),
    "snapshot_cpu_s": Figure("a snapshot, time of a core", "s"),
    "load_cpu_s": Figure("a load, time of a core", "s"),
    "snapshot_bytes": Figure("size of the snapshot", show=size),
    "same_bytes_again": Figure("the same bytes from the loaded engine"),
    "copy_of_the_bytes_s": Figure("a copy of the bytes", "s"),
    "checksum_of_the_bytes_s": Figure("a checksum of the bytes", "s"),
    # a recorder
    "hashes_agreed": Figure("state hashes that agreed with the node's"),
    "catching_up.commands": Figure("catching up: commands"),
    "catching_up.events": Figure("catching up: events"),
    "catching_up.elapsed_s": Figure("catching up: time taken", "s"),
    "catching_up.commands_per_second": Figure("catching up: speed", "commands/s"),
    # keys
    "key_file": Figure("file with a new key"),
    # flows and the demo
    "durability": Figure("durability"),
    "channel": Figure("channel"),
    "orders": Figure("orders"),
    "executions": Figure("executions by the exchange"),
    "same_order_as_exchange": Figure("of these, the same order filled here"),
    "fills": Figure("executions here"),
    "rejects": Figure("rejected"),
    "orders_sent": Figure("orders sent"),
    "acknowledged": Figure("orders answered"),
    "executed": Figure("executions"),
    "latency_us": Figure("order to last event, {}", "µs"),
    "journal_bytes": Figure("journal, used (without what is made ahead)", show=size),
    "replay.seq": Figure("replay: last seq"),
    "replay.outcome_hash": Figure("replay: outcome hash"),
    "replay.state_hash": Figure("replay: state hash"),
    "replay.messages_per_second": Figure("replay: speed", "messages/s"),
    "replay.same": Figure("replay: same as the node"),
    # the whole path, and what it stands on
    "idle_mode": Figure("when idle"),
    "window": Figure("unanswered orders under load, at most"),
    "orders_per_second": Figure("orders under load", "orders/s"),
    "executions_per_second": Figure("executions under load", "per s"),
    "rtt_us": Figure("round trip, {}", "µs"),
    "loaded_latency_us": Figure("latency under load, {}", "µs"),
    "lmdb_commit_us": Figure("limit: one LMDB commit, {}", "µs"),
    "journal_messages_per_second": Figure("limit: the journal alone", "messages/s"),
    "aeron_ipc_rtt_us": Figure("limit: Aeron's round trip, {}", "µs"),
    "aeron_ipc_messages_per_second": Figure("limit: Aeron alone", "messages/s"),
    "throughput_over_journal": Figure("orders under load / journal alone"),
    "rtt_over_limit": Figure("round trip / its limit, p50"),
    # the engine alone
    "operations": Figure("operations"),
    "operations_per_second": Figure("speed", "operations/s"),
    "events": Figure("events"),
    "events_per_second": Figure("speed, in events", "events/s"),
    "trades": Figure("trades"),
    "operation_ns": Figure("one operation, {}", "ns"),
    "operation_least_ns": Figure("one operation, least of three passes, {}", "ns"),
    "clock_ns": Figure("nothing, measured the same way, {}", "ns"),
    "python.array_length": Figure("from Python: commands in an array"),
    "python.operations_per_second": Figure("from Python: speed", "operations/s"),
    "python.times_native_call": Figure("from Python: time / the same calls from native code"),
    "python.times_native": Figure("from Python: time / native loop without rows"),
    "resting_orders_ns": Figure("one operation, {} orders resting", "ns"),
    "resting_orders_ratio": Figure("{} orders resting / fewest"),
    "instruments_ns": Figure("one operation, {} instruments", "ns"),
    "instruments_ratio": Figure("{} instruments / one"),
    "cancel_heavy_ns": Figure("one operation, 90 % cancels, {} orders at first", "ns"),
    "cancel_heavy_ratio": Figure("90 % cancels, {} orders / fewest"),
    # the journal alone
    "messages_per_block": Figure("messages in a block"),
    "spares": Figure("segments prepared ahead"),
    "segment_mib": Figure("size of a segment", "MiB"),
    "mb_per_second": Figure("bandwidth", "MB/s"),
    "commit_us": Figure("one commit, {}", "µs"),
    "unprepared": Figure("segments not ready in time"),
    # drills
    "kills": Figure("kills"),
    "lost": Figure("answered, and lost"),
    "differing": Figure("answered otherwise than the journal says"),
    "repeated": Figure("executed more than once"),
    "hashes_agree": Figure("a replay gives the node's hashes"),
    "recovery_ms": Figure("kill to next answer, {}", "ms"),
    "recoveries": Figure("of how many kills"),
    "answered_again": Figure("commands sent again and answered once more"),
    "clients": Figure("clients"),
    "udp_loss": Figure("share of what comes over UDP that is lost"),
    "seed": Figure("seed", show=str),
    "passed": Figure("passed"),
    "images": Figure("power cuts recovered from"),
    "unreadable": Figure("images that could not be read"),
    "kinds": Figure("images: {}"),
    "records": Figure("writes and syncs recorded"),
    "mutant": Figure("bug put in"),
    "examples": Figure("examples"),
    # market data
    "messages_public": Figure("public messages"),
    "packets": Figure("packets"),
    "packet_bytes": Figure("size of all packets", show=size),
    "replay_commands_per_second": Figure("limit: a replay alone", "commands/s"),
    "publishing_commands_per_second": Figure("a replay that makes packets", "commands/s"),
    "builder_messages_per_second": Figure("builder alone (the difference)", "messages/s"),
    "receiver_messages_per_second": Figure("receiver", "messages/s"),
    "added_latency_us": Figure("client's event to receiver's update, {}", "µs"),
    "loss": Figure("share of the packets that is lost"),
    "gaps": Figure("gaps noticed by the receiver"),
    "requests": Figure("requests that it sent"),
    "given_up": Figure("gaps given up"),
    "snapshots": Figure("snapshots published"),
    "receiver_at_snapshots": Figure("snapshots at which the receiver had a book"),
    "receiver_same_as_snapshot": Figure("of these, its book equals the snapshot"),
    "books_compared": Figure("books compared with the engine's"),
    "books_equal": Figure("of these, equal"),
    "differing_seqs": Figure("seqs where they differ", apart=True),
    "engine_is_the_nodes": Figure("that engine's outcome hash is the node's"),
    "volume_agrees": Figure("volume is that of the fills"),
    # the simulator
    "seeds": Figure("seeds"),
    "steps": Figure("steps"),
    "failures": Figure("seeds that broke a promise"),
    "seeds_per_minute": Figure("speed", "seeds/min"),
    "trace": Figure("hash of all steps"),
    "exercised": Figure("exercised: {}"),
    # the machine
    "machine.cores": Figure("machine: cores"),
    "machine.processor": Figure("machine: processor"),
    "machine.memory_gib": Figure("machine: memory", "GiB"),
    "machine.kernel": Figure("machine: kernel"),
    "machine.python": Figure("machine: Python"),
    "machine.load_1min": Figure("machine: load over 1 minute"),
}


def figure_rows(result: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Words, value and unit of each figure, of nested ones too. Raises KeyError for one that has no name here."""
    for name, value in flatten(result):
        figure, leaf = FIGURES.get(name), ""
        if figure is None:
            group, _, leaf = name.rpartition(".")
            figure = FIGURES[group]
        leaf = f"{int(leaf):,}" if leaf.isdecimal() else LEAVES.get(leaf, leaf.replace("_", " "))
        yield figure.words.format(leaf), figure.show(value), figure.unit


def flatten(result: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Nested results as dotted names."""
    for name, value in result.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value

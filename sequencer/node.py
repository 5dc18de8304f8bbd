"""A node: recovers the order from its journal, then conducts the threads that continue it.

    main thread          starts and stops everything, then sleeps
    agent thread         native: takes in, stamps, executes, tells
    journal thread       Python: one LMDB commit per block, the GIL free while it waits for the disk

No other Python belongs into this process: a busy thread beside the journal's would make every commit wait for the GIL.
"""

import os
import re
import sys
import threading
import weakref
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from time import monotonic_ns
from typing import Any, Self

from seriatim._native import ffi, lib
from seriatim.aeron import Aeron, AeronError, Channel, ConfigurationError, Subscription
from seriatim.config import DURABILITIES, INGRESS_STREAM, NodeConfig
from seriatim.drivers import check_running, check_startable, needs_hot_driver, start_driver
from seriatim.engine import LOGIC_VERSION
from seriatim.errors import ConfigError, NodeFailed, SeriatimError, UsedAfterFork, check
from seriatim.journal import JournalFull, JournalReader, JournalWriter
from seriatim.journal.lock import check_unlocked
from seriatim.schemas import SCHEMA
from seriatim.schemas.dynamic import bundled_ir
from seriatim.sequencer.channel_lock import INGRESS, address, has_fixed_address, take_channels
from seriatim.sequencer.log import Log
from seriatim.sequencer.native_users import native_users
from seriatim.sequencer.overrides import check_reached, recovered_replica
from seriatim.sequencer.recovery import Replayed, blocks_from_start, replay
from seriatim.sequencer.replica import Replica, State, read_state

log = Log("seriatim.node")

COUNTER_TYPE_ID = 5301
"""Aeron counters of this type are a node's; their labels say which, their keys of which journal (its cluster id)."""

POLL_MS = 1_000
FULL_RETRY_S = 0.5
SWITCH_INTERVAL_S = 1e-4
BLOCK, ENDED = 1, 2


_nodes: "weakref.WeakSet[Node]" = weakref.WeakSet()


class Node:
    """See the module. A context manager: entering starts it, leaving stops it and raises what made it fail."""

    def __init__(self, config: NodeConfig, *, on_replay: Callable[[int, int], None] | None = None) -> None:
        self.config = config
        self.replayed: Replayed | None = None
        self._on_replay = on_replay
        self._stack = ExitStack()
        self._native: Any = None
        self._failure: BaseException | None = None
        self._ended = threading.Event()
        self._stopping = False
        self._threads: list[threading.Thread] = []
        self._pid = os.getpid()
        _nodes.add(self)

    def start(self) -> None:
        """Recovers and begins. Raises what stands in the way: a journal or channel in use, damage, no driver."""
        self._pid = os.getpid()
        try:
            sys.setswitchinterval(SWITCH_INTERVAL_S)
            check_channels(self.config.ingress)
            check_unlocked(Path(self.config.journal))  # of all that stands in the way, what a second node is told
            self._check_driver()
            self._writer = self._stack.enter_context(open_writer(self.config))
            replica = self._recover()
            followed = replica.state.logic_version
            self._native = self._build(replica)
            self._start_threads()
            tell_of_newer_rules(followed, self.config.logic_version or LOGIC_VERSION)
            log.info("node started", journal=str(self.config.journal), durability=self.config.durability,
                     ingress=list(self.config.ingress), aeron_dir=self.config.aeron_dir)  # fmt: skip
        except BaseException:
            self._end()
            raise

    def _start_threads(self) -> None:
        for name, run in (("agent", self._run_agent), ("journal", self._run_journal)):
            thread = threading.Thread(target=run, name=f"seriatim-{name}")
            try:
                thread.start()
            except BaseException:
                lib.seriatim_node_abort(self._native)  # without the journal's, the agent would wait for commits
                raise
            self._threads.append(thread)

    def _end(self) -> State | None:
        """Stops what runs, frees everything, and says where the order stands if it was recovered."""
        state = None
        if self._native is not None:
            self._stopping = True
            lib.seriatim_node_stop(self._native)
            for thread in self._threads:
                thread.join()
            native = ffi.new("seriatim_state_t *")
            lib.seriatim_node_state(self._native, native)
            state = read_state(native)
            ffi.release(self._native)
            self._native = None
        self._stack.close()
        return state

    def wait(self, timeout_s: float | None = None) -> bool:
        """Sleeps until the node ends by itself; False if it has not in time."""
        self._check_own()
        return self._ended.wait(timeout_s)

    def stop(self) -> State:
        """Finishes what was taken in, ends everything, and says where the order stands.

        Raises what made the node fail, if it has.
        """
        self._check_own()
        state = self._end()
        if state is None:
            raise NodeFailed("this node does not run; start it first")
        log.info("node stopped", **in_short(state))
        if self._failure is not None:
            raise self._failure
        return state

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._pid != os.getpid():
            return  # a forked child leaves the block: the node is the parent's, and goes on
        try:
            self.stop()
        except SeriatimError:
            if kind is None:
                raise

    def _check_own(self) -> None:
        if self._pid != os.getpid():
            raise UsedAfterFork(f"this node runs in process {self._pid}; a forked child cannot use it")

    def _check_driver(self) -> None:
        """What would refuse this node later: a new journal takes hundreds of MiB, which a refused start would leave."""
        if self.config.own_driver:
            check_startable(self.config.aeron_dir)
        else:
            check_running(self.config.aeron_dir)
            self._lock_ingress()

    def _lock_ingress(self) -> None:
        take_channels(self._stack, INGRESS, self.config.aeron_dir, self.config.ingress)

    def _recover(self) -> Replica:
        with JournalReader(self.config.journal) as reader:
            replica = recovered_replica(reader, self.config.key)
            self.replayed = replay(blocks_from_start(reader), replica, self._on_replay)
            check_reached(reader, replica)
        if self.replayed.blocks:
            speed = round(self.replayed.messages_per_second)
            log.info("order recovered", **in_short(replica.state), messages_per_second=speed)
        return replica

    def _build(self, replica: Replica) -> Any:
        config = self.config
        if config.own_driver:
            spins = config.low_latency and needs_hot_driver(config.ingress)
            self._stack.enter_context(start_driver(config.aeron_dir, spins))
            self._lock_ingress()  # now only: a driver that starts empties its folder
        aeron = self._stack.enter_context(Aeron(config.aeron_dir, name="seriatim-node"))
        subscriptions = [open_ingress(aeron, channel) for channel in config.ingress]
        counters = [
            aeron.add_counter(COUNTER_TYPE_ID, label, self._writer.meta.cluster_id) for label in counter_labels()
        ]
        # Closed by their finalizers, which must not run before the node has ended.
        self._held = (subscriptions, counters)
        pointers = ffi.new("aeron_subscription_t *[]", [subscription.pointer for subscription in subscriptions])
        addresses = ffi.new("int64_t *[]", [ffi.cast("int64_t *", counter.address) for counter in counters])
        users, keys = native_users(config)
        native_config = ffi.new(
            "seriatim_node_config_t *",
            {
                "client": aeron.pointer,
                "subscriptions": pointers,
                "subscription_count": len(subscriptions),
                "counters": addresses,
                "users": users,
                "user_count": len(keys),
                "nonce_seed": list(os.urandom(32)),
                "tick_interval_ns": config.tick_interval_ns,
                "session_expiry_ns": config.session_expiry_ns,
                "park_max_ns": config.park_max_ns,
                "room_orders": config.room_orders,
                "logic_version": config.logic_version or 0,
                "durability": DURABILITIES[config.durability],
                "hot": config.low_latency,
                "answers_beyond_loopback": config.listen_beyond_loopback,
            },
        )
        node = ffi.new("seriatim_node_t **")
        check(lib.seriatim_node_new(native_config, replica.release(), node))
        return ffi.gc(node[0], lib.seriatim_node_free)

    def _run_agent(self) -> None:
        try:
            check(lib.seriatim_node_run(self._native))
        except SeriatimError as error:
            self._fail(error)
        finally:
            self._ended.set()

    def _run_journal(self) -> None:
        try:
            self._commit_blocks()
        except Exception as error:
            try:
                self._fail(error)
            finally:  # also when nobody is left to read the log, and writing to it fails
                lib.seriatim_node_abort(self._native)

    def _commit_blocks(self) -> None:
        native, append = self._native, self._writer.append
        next_block, buffer = lib.seriatim_node_next_block, ffi.buffer
        block = ffi.new("seriatim_block_t *")
        persisted, committed_ns = 0, monotonic_ns()
        while (outcome := next_block(native, persisted, monotonic_ns() - committed_ns, POLL_MS, block)) != ENDED:
            if outcome == BLOCK:
                try:
                    append(block.index, buffer(block.bytes, block.length))
                except JournalFull as full:
                    self._wait_for_room(block, full)
                persisted, committed_ns = block.index, monotonic_ns()

    def _wait_for_room(self, block: Any, full: JournalFull) -> None:
        """Refuses new commands and tries again until the disk has room. What is stamped waits; nothing is lost.

        A node that is told to stop does not wait: it raises, and in `fsync` nobody was told of what is stamped.
        """
        lib.seriatim_node_stop_intake(self._native, True)
        log.error("journal full, intake stopped", error=f"{full}, and the node goes on by itself")
        while not self._ended.wait(FULL_RETRY_S):
            try:
                self._writer.append(block.index, ffi.buffer(block.bytes, block.length))
            except JournalFull as error:
                if self._stopping:
                    raise stopped_before_room(error) from error
                continue
            lib.seriatim_node_stop_intake(self._native, False)
            log.info("journal has room again, intake open")
            return

    def _fail(self, error: BaseException) -> None:
        if self._failure is None:
            self._failure = error
            log.error("node failed", error=str(error), kind=type(error).__name__)


def _leave_to_parent() -> None:
    # A forked child has the memory of the node, caught in the middle of something, and none of its threads.
    for node in list(_nodes):
        if node._native is not None:
            ffi.gc(node._native, None)


os.register_at_fork(after_in_child=_leave_to_parent)


def tell_of_newer_rules(followed: int, follows: int) -> None:
    """Says what cannot be taken back; a journal that has no epoch yet (0) follows none."""
    if 0 < followed < follows:
        log.info("logic version raised: older releases can neither continue nor replay this journal any more",
                 from_version=followed, to_version=follows)  # fmt: skip


def stopped_before_room(full: JournalFull) -> JournalFull:
    """What is said of a full disk when the node does not go on by itself."""
    return JournalFull(
        f"{full}, and start the node again: it was stopped before there was room, and what it had taken in last "
        "is not in the journal"
    )


def in_short(state: State) -> dict[str, Any]:
    """What a line of the log says of it; the rest is in what the node prints at its end."""
    return {name: value for name, value in state.as_dict().items() if name in ("seq", "outcome_hash", "state_hash")}


def check_channels(channels: Iterable[str]) -> None:
    """Raises ConfigError for what is no channel, or given twice, before anything is started or made for it."""
    known: dict[str, str] = {}
    for channel in channels:
        try:
            Channel.parse(channel)
        except ConfigurationError as error:
            raise bad_ingress(channel, str(error)) from error
        if not has_fixed_address(channel):
            continue
        if (place := address(channel)) in known:
            again = "" if known[place] == channel else f", also as {known[place]!r}"
            raise ConfigError(f"the ingress channel {channel!r} is given twice{again}; name it once")
        known[place] = channel


def open_ingress(aeron: Aeron, channel: str) -> Subscription:
    """Subscribes to commands on a channel. Raises ConfigError if the driver cannot open it."""
    try:
        return aeron.add_subscription(channel, INGRESS_STREAM)
    except AeronError as error:
        raise bad_ingress(channel, cause(error)) from error


def bad_ingress(channel: str, why: str) -> ConfigError:
    """What a person is told of a channel on which no command can be taken."""
    shape = "a channel looks like aeron:ipc, or like aeron:udp?endpoint=127.0.0.1:9301"
    return ConfigError(f"commands cannot be taken on channel {channel!r}: {why}; {shape}")


def cause(error: AeronError) -> str:
    """The line of Aeron's text that says what is wrong: the first says for which call, those below it where."""
    lines = [re.sub(r"^\(-?\d+\) ", "", line.strip()) for line in str(error).splitlines()]
    return next((line for line in lines[1:] if line and "registration error" not in line), lines[0])


def open_writer(config: NodeConfig) -> JournalWriter:
    """The journal's writer, with the schema's IR in it, so that any version can read it later."""
    return JournalWriter(
        config.journal,
        randomness=os.urandom,
        schema_ir=bundled_ir(),
        schema_version=SCHEMA.version,
        segment_bytes=config.segment_bytes,
    )


def counter_labels() -> list[str]:
    """The names of a node's counters."""
    labels = []
    while label := lib.seriatim_node_counter_label(len(labels)):
        text = ffi.string(label)
        assert isinstance(text, bytes)
        labels.append(text.decode())
    if not labels:
        raise NodeFailed("the native library names no counters; it was built from another version")
    return labels

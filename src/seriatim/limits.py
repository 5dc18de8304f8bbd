"""The limits that Python sets, each with its reason and checked against the others when this is imported.

Those of the native cores stand in `sequencer/src/limits.rs` and `engine/src/limits.rs`.
"""

from typing import Any

ORDERS_MAX = 1 << 22
"""Most live orders in all books together; the engine's own."""

IPC_TERM_BYTES = 8 << 20
"""Half of it is what one side may be ahead of the other; what is more waits in the sender. Smaller terms stay
in the cache."""

IPC_MTU_BYTES = 65_504
"""The largest that Aeron takes: hundreds of commands or events travel in one piece."""

CLIENT_LIVENESS_NS = 5_000_000_000
"""A client that gave no sign of life for so long is gone, and its sessions are closed."""

IMAGE_LIVENESS_NS = 5_000_000_000
"""The same, across the network."""

PUBLICATION_LINGER_NS = 1_000_000_000
"""How long a closed publication stays so that the other side can read its end."""

PUBLICATION_UNBLOCK_NS = 10_000_000_000
"""After so long a driver skips what a dead client has claimed and not committed."""

DRIVER_TIMEOUT_MS = 5_000
"""A driver that gave no sign of life for so long is dead."""

NODE_SILENCE_S = 5.0
"""A node sends a heartbeat every second; a client that heard nothing for so long takes it for dead. Aeron tells that
sooner, unless the node died in the middle of a message."""

CLIENT_TIMEOUT_S = 10.0
"""How long a client waits for an answer unless it is told otherwise: long enough to notice that its node was killed,
and to log on to the one that was started in its place."""

KEY_BYTES_MAX = 4_096
"""Of a file with a key: more than any secret has, and little to read when the wrong file was named."""

EVENTS_KEPT_MAX = 16_384
"""Events that a client keeps for a program that only calls and never polls: 2 MiB. Of more the oldest are dropped."""

NODE_SEGMENT_BYTES_MIN = 2 << 20
"""Of a node's journal: a block has up to 1 MiB, and must fit into an empty segment beside LMDB's own pages."""

DRIVER_SETTINGS: dict[str, Any] = {
    "ipc_term_length_bytes": IPC_TERM_BYTES,
    "ipc_mtu_bytes": IPC_MTU_BYTES,
    "client_liveness_timeout_ns": CLIENT_LIVENESS_NS,
    "image_liveness_timeout_ns": IMAGE_LIVENESS_NS,
    "publication_linger_timeout_ns": PUBLICATION_LINGER_NS,
    "publication_unblock_timeout_ns": PUBLICATION_UNBLOCK_NS,
    "driver_timeout_ms": DRIVER_TIMEOUT_MS,
}
"""What every driver that we start is given."""

assert PUBLICATION_UNBLOCK_NS > CLIENT_LIVENESS_NS, "a live client must not be unblocked under its hands"
assert CLIENT_TIMEOUT_S > NODE_SILENCE_S + 3, "a call would be given up when it could be answered"
assert NODE_SILENCE_S >= 3, "a heartbeat that is late is no reason to log on again"
assert IPC_MTU_BYTES % 32 == 0, "Aeron's frames are aligned to 32 bytes"
assert IPC_MTU_BYTES < IPC_TERM_BYTES // 8, "a message is at most an eighth of a term"

"""The driver's settings beyond directory and threads, with Aeron's names for them."""

from typing import TypedDict


class DriverSettings(TypedDict, total=False):
    """Keyword arguments of :class:`MediaDriver`; what is left out keeps Aeron's default or environment variable."""

    term_length_bytes: int
    """Term buffer of a UDP stream (16 MiB)."""
    ipc_term_length_bytes: int
    """Term buffer of an IPC stream (64 MiB)."""
    sparse_terms: bool
    """Whether log buffers take memory only when written (True)."""
    mtu_bytes: int
    """Longest UDP frame (1,408)."""
    ipc_mtu_bytes: int
    """Longest IPC frame (1,408)."""
    socket_rcvbuf_bytes: int
    """Receive buffer of a socket (128 KiB)."""
    socket_sndbuf_bytes: int
    """Send buffer of a socket (the system's)."""
    receiver_window_bytes: int
    """How far a sender may be ahead of a receiver (128 KiB)."""
    counters_buffer_bytes: int
    """Room for counter values."""
    error_buffer_bytes: int
    """Room for the error log."""
    client_liveness_timeout_ns: int
    """Silence after which a client's resources are closed (10 s)."""
    image_liveness_timeout_ns: int
    """Silence after which an image goes away (10 s)."""
    publication_linger_timeout_ns: int
    """How long a closed publication stays for late receivers (5 s)."""
    publication_unblock_timeout_ns: int
    """How long a claim of a dead client blocks a shared publication (15 s)."""
    publication_connection_timeout_ns: int
    """Silence after which a publication has lost its receivers (5 s)."""
    counters_free_to_reuse_timeout_ns: int
    """How long a freed counter's slot rests (1 s)."""
    untethered_window_limit_timeout_ns: int
    """How long an untethered subscriber may hold its publisher back (5 s)."""
    untethered_resting_timeout_ns: int
    """How long it then rests (10 s)."""
    timer_interval_ns: int
    """How often timeouts are looked at (1 s)."""
    spies_simulate_connection: bool
    """Whether a spy counts as a receiver (False)."""


AERON_NAMES = {
    "dir_delete_on_start": "dir_delete_on_start",
    "dir_delete_on_shutdown": "dir_delete_on_shutdown",
    "dir_warn_if_exists": "dir_warn_if_exists",
    "driver_timeout_ms": "driver_timeout_ms",
    "term_length_bytes": "term_buffer_length",
    "ipc_term_length_bytes": "ipc_term_buffer_length",
    "sparse_terms": "term_buffer_sparse_file",
    "mtu_bytes": "mtu_length",
    "ipc_mtu_bytes": "ipc_mtu_length",
    "socket_rcvbuf_bytes": "socket_so_rcvbuf",
    "socket_sndbuf_bytes": "socket_so_sndbuf",
    "receiver_window_bytes": "rcv_initial_window_length",
    "counters_buffer_bytes": "counters_buffer_length",
    "error_buffer_bytes": "error_buffer_length",
    "client_liveness_timeout_ns": "client_liveness_timeout_ns",
    "image_liveness_timeout_ns": "image_liveness_timeout_ns",
    "publication_linger_timeout_ns": "publication_linger_timeout_ns",
    "publication_unblock_timeout_ns": "publication_unblock_timeout_ns",
    "publication_connection_timeout_ns": "publication_connection_timeout_ns",
    "counters_free_to_reuse_timeout_ns": "counters_free_to_reuse_timeout_ns",
    "untethered_window_limit_timeout_ns": "untethered_window_limit_timeout_ns",
    "untethered_resting_timeout_ns": "untethered_resting_timeout_ns",
    "timer_interval_ns": "timer_interval_ns",
    "spies_simulate_connection": "spies_simulate_connection",
}
"""Ours to the ending of ``aeron_driver_context_set_``."""

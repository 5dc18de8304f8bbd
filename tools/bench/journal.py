"""`seriatim bench journal`: how fast the journal commits and reads, beside plain py-lmdb in the same run."""

import json
import os
import shutil
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import lmdb
from rich.table import Table

from seriatim.errors import ConfigError
from seriatim.journal import Block, JournalReader, JournalWriter, Position
from seriatim.journal.block import HEADER_BYTES, crc32c
from seriatim.tools.bench.percentiles import percentiles_us
from seriatim.tools.figures import human
from seriatim.tools.output import console, plain_table, print_figures, progress, say
from seriatim.tools.parameters import Named, Number, Whole, Wholes
from seriatim.tools.scratch import scratch_folder

PREFIX = "seriatim-bench-"
FRAME_HEADER_BYTES = 32
MESSAGE_BYTES = 120
COMMIT_SIZES = 1, 16, 128, 1024, 8192
"""Messages in a block."""
SPARES_MAX = 64
READ_MIB_MAX = {1: 2, 128: 256, 1024: 1 << 20, 8192: 1 << 20}
"""By messages in a block."""


class BlockSource:
    """Endless blocks of one size that continue a log, made without touching every message again."""

    def __init__(self, messages: int, message_bytes: int = MESSAGE_BYTES) -> None:
        command = bytes(range(256))[: message_bytes - FRAME_HEADER_BYTES]
        self.messages = messages
        self._bytes = bytearray(Block.build(1, 1, [command] * messages).data)
        self._body = memoryview(self._bytes)[HEADER_BYTES:]

    def after(self, position: Position) -> bytearray:
        """The next block, in a buffer that the call after overwrites."""
        struct.pack_into("<QQQ", self._bytes, 8, position.index + 1, position.term, position.next_seq)
        self._bytes[40:72] = position.hash
        crc = crc32c(crc32c(0, self._bytes[: HEADER_BYTES - 4]), self._body)
        struct.pack_into("<I", self._bytes, HEADER_BYTES - 4, crc)
        return self._bytes


def open_writer(path: Path, **options: Any) -> JournalWriter:
    return JournalWriter(path, randomness=os.urandom, schema_ir=b"benchmark", schema_version=0, **options)


def measure_commits(folder: Path, messages: int, rounds: int) -> dict[str, Any]:
    """Alternates journal appends with plain py-lmdb commits of the same bytes, so both see the same disk."""
    source = BlockSource(messages)
    samples: dict[str, list[int]] = {"journal": [], "plain": []}
    with (
        scratch_folder(PREFIX, folder) as scratch,
        open_writer(scratch / "journal") as writer,
        lmdb.open(str(scratch / "plain"), map_size=4 << 30) as plain,
    ):
        writer.wait_prepared(2, 30.0)
        for index in range(1, rounds + 1):
            block = source.after(writer.position)
            start = time.perf_counter_ns()
            writer.append(index, block)
            middle = time.perf_counter_ns()
            with plain.begin(write=True) as transaction:
                transaction.put(struct.pack(">Q", index), block, append=True)
            samples["plain"].append(time.perf_counter_ns() - middle)
            samples["journal"].append(middle - start)
    journal, plain_us = percentiles_us(samples["journal"]), percentiles_us(samples["plain"])
    return {
        "messages": messages,
        "block_bytes": len(source._bytes),
        "journal_us": journal,
        "plain_lmdb_us": plain_us,
        "ratio_p50": round(journal["p50"] / plain_us["p50"], 3),
    }


def measure_sustained(folder: Path, messages: int, seconds: float, segment_bytes: int, spares: int) -> dict[str, Any]:
    """Appends as fast as the disk takes blocks, with preparation running along."""
    source = BlockSource(messages)
    samples: list[int] = []
    with (
        scratch_folder(PREFIX, folder) as scratch,
        open_writer(scratch / "journal", segment_bytes=segment_bytes, spares=spares) as writer,
    ):
        writer.wait_prepared(spares, 30.0)
        begin = time.perf_counter_ns()
        while time.perf_counter_ns() - begin < seconds * 1e9:
            block = source.after(writer.position)
            start = time.perf_counter_ns()
            writer.append(writer.position.index + 1, block)
            samples.append(time.perf_counter_ns() - start)
        elapsed_s = sum(samples) / 1e9
        counters = writer.counters
        return {
            "messages_per_block": messages,
            "spares": spares,
            "segment_mib": segment_bytes >> 20,
            "messages_per_second": round(counters.blocks * messages / elapsed_s),
            "mb_per_second": round(counters.bytes / elapsed_s / 1e6),
            "commit_us": percentiles_us(samples),
            "segments": counters.segments,
            "unprepared": counters.unprepared,
        }


def measure_read(folder: Path, messages: int, total_bytes: int) -> dict[str, Any]:
    """Reads a journal back with checksum and chain checked; beside it, the checksum alone over as many bytes."""
    source = BlockSource(messages)
    blocks = max(total_bytes // len(source._bytes), 1)
    with scratch_folder(PREFIX, folder) as scratch:
        path = scratch / "journal"
        with open_writer(path) as writer:
            for index in range(1, blocks + 1):
                writer.append(index, source.after(writer.position))
        start = time.perf_counter()
        with JournalReader(path) as reader:
            count = sum(block.count for block in reader)
        read_s = time.perf_counter() - start
        start = time.perf_counter()
        with JournalReader(path) as reader:
            sum(len(block.frame_table().seq) for block in reader)
        table_s = time.perf_counter() - start
    start = time.perf_counter()
    for _ in range(blocks):
        crc32c(0, source._bytes)
    crc_s = time.perf_counter() - start
    size = blocks * len(source._bytes)
    return {
        "messages_per_block": messages,
        "blocks": blocks,
        "blocks_per_second": round(blocks / read_s),
        "mb_per_second": round(size / read_s / 1e6),
        "messages_per_second": round(count / read_s),
        "with_frame_table_mb_per_second": round(size / table_s / 1e6),
        "crc_only_mb_per_second": round(size / crc_s / 1e6),
    }


def read_sizes(mib: int) -> list[tuple[int, int]]:
    """Messages in a block, and how many bytes to read of such blocks: small ones take longer, so there are fewer."""
    return [(messages, min(mib, mib_max) << 20) for messages, mib_max in READ_MIB_MAX.items()]


def commits_table(rows: list[dict[str, Any]]) -> Table:
    """Two rows for each block size: the journal, and plain py-lmdb; the ratio is that of p50."""
    table = plain_table("messages", "commit", "p50, µs", "p99, µs", "p99.9, µs", "max, µs", "ratio")
    table.columns[0].justify = "right"
    for row in rows:
        percentiles = [[f"{value:,.0f}" for value in row[key].values()] for key in ("journal_us", "plain_lmdb_us")]
        table.add_row(human(row["messages"]), "journal", *percentiles[0], f"{row['ratio_p50']:.2f}")
        table.add_row("", "py-lmdb", *percentiles[1], "")
    return table


def reads_table(rows: list[dict[str, Any]]) -> Table:
    """One row for each block size."""
    names = {
        "messages_per_block": "messages\nin a block",
        "blocks": "\nblocks",
        "blocks_per_second": "\nblocks/s",
        "messages_per_second": "\nmessages/s",
        "mb_per_second": "\nMB/s",
        "with_frame_table_mb_per_second": "with table\nMB/s",
        "crc_only_mb_per_second": "CRC alone\nMB/s",
    }
    table = plain_table(*names.values())
    table.columns[0].justify = "right"
    for row in rows:
        table.add_row(*(human(row[name]) for name in names))
    return table


def show(rows: list[dict[str, Any]], as_json: bool, print_rows: Callable[[list[dict[str, Any]]], None]) -> None:
    """Prints JSON, or what `print_rows` prints for people."""
    if as_json:
        click.echo(json.dumps(rows))
    else:
        print_rows(rows)


@click.group("journal", short_help="The journal alone, beside plain py-lmdb.")
def command() -> None:
    """The journal alone, on the disk that holds FOLDER, beside plain py-lmdb or the bare checksum.

    Each writes journals of its own into FOLDER and removes them; what else is there is neither read nor touched.

    \b
    Examples:
      seriatim bench journal commit .
      seriatim bench journal sustained /var/tmp --spares 0,2
      seriatim bench journal read . --json
    """


FOLDER = click.argument("folder", type=Named(exists=True, file_okay=False))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="One line of JSON.")


@command.command()
@FOLDER
@click.option("--rounds", type=Whole(1), default=1000, show_default=True, help="Commits of each block size.")
@AS_JSON
def commit(folder: Path, rounds: int, as_json: bool) -> None:
    """Commit latency by block size (p50 / p99 / p99.9 / max in µs), alternating with plain py-lmdb.

    \b
    Example:
      seriatim bench journal commit . --rounds 200
    """
    counts = {size: min(rounds, (1 << 20) // size) for size in COMMIT_SIZES}
    rows = []
    with progress("committing", sum(counts.values())) as advance_to:
        for size, count in counts.items():
            rows.append(measure_commits(folder, size, count))
            advance_to(sum(counts[row["messages"]] for row in rows))
    show(rows, as_json, lambda rows: console.print(commits_table(rows)))


@command.command()
@FOLDER
@click.option("--seconds", type=Number(0.1), default=5.0, show_default=True, help="How long each run lasts.")
@click.option(
    "--messages",
    type=Whole(1, 8192),
    default=8192,
    show_default=True,
    help="Messages of 120 bytes in a block.",
)
@click.option("--segment-mib", type=Whole(4), default=256, show_default=True, help="Size of a segment.")
@click.option(
    "--spares",
    type=Wholes(0, SPARES_MAX),
    default="2",
    show_default=True,
    help="Segments prepared ahead; several, as in 0,1,2, for as many runs.",
)
@AS_JSON
def sustained(
    folder: Path, *, seconds: float, messages: int, segment_mib: int, spares: list[int], as_json: bool
) -> None:
    """Throughput while segments are prepared alongside.

    \b
    Example:
      seriatim bench journal sustained . --seconds 10 --spares 0,2
    """
    rows = []
    with progress("appending", len(spares)) as advance_to:
        for count in spares:
            rows.append(measure_sustained(folder, messages, seconds, segment_mib << 20, count))
            advance_to(len(rows))
    show(rows, as_json, print_figures)


@command.command()
@FOLDER
@click.option("--mib", type=Whole(1), default=1024, show_default=True, help="How much to read.")
@AS_JSON
def read(folder: Path, mib: int, as_json: bool) -> None:
    """Reading speed by block size, checks included, of journals that it writes into FOLDER and removes again: with the
    default of --mib 2.3 GiB of blocks, one size after the other, and half a minute.

    \b
    Example:
      seriatim bench journal read . --mib 256
    """
    sizes = read_sizes(mib)
    most, free = max(size for _, size in sizes), shutil.disk_usage(folder).free
    if most > free:
        raise ConfigError(f"{folder} has room for {free >> 20:,} MiB, not for a journal of {most >> 20:,}: take less")
    if not as_json:
        say(f"Journals of {', '.join(human(size >> 20) for _, size in sizes)} MiB are written and read, one by one:")
    rows = []
    with progress("writing and reading", sum(size for _, size in sizes)) as advance_to:
        for messages, size in sizes:
            rows.append(measure_read(folder, messages, size))
            advance_to(sum(size for _, size in sizes[: len(rows)]))
    show(rows, as_json, lambda rows: console.print(reads_table(rows)))

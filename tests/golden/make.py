"""Writes golden journals: `python -m tests.golden.make NAME…`, in the environment of `make setup`.

Run it once for what a release brings, and never again for that: what these journals give must not change. Each is a
journal that real nodes wrote, packed without what is only there while one runs, and beside it a text file with what it
gives. Their key is in `KEY`.

`fsync`: starts under logic version 1 and goes on under 2; three sessions, one that comes back; every kind of order and
of command, refusals included; a poison command that was skipped; a node that was killed. `relaxed`: the same orders, a
kill and a restart. `day`: version 3, see `day.py`; with a snapshot of a full book.
`halts`: begins under version 3 and goes on under 4, see `halts.py`; with a snapshot of what is halted.
"""

import io
import lzma
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import numpy as np

from seriatim.client import Client
from seriatim.config import ClientConfig
from seriatim.engine import COMMAND, CancelOrder, CommandKind, MassCancel, ReduceOrder, ReplaceOrder
from seriatim.schemas import Decimal, DefineInstrument, Logoff, NewOrder, OptionalSide, OrdType, Side, TimeInForce
from seriatim.tools.journal.snapshot import write_snapshot
from seriatim.tools.journal.state import journal_state
from seriatim.tools.venue import Venue
from tests.golden import day, halts

HERE = Path(__file__).parent
KEY = b"golden"
POISON_ID = 999_999_999
PLANTED = {"SERIATIM_PLANT_PANIC": str(POISON_ID)}
SAID = ("seq", "epoch", "logic_version", "sessions", "live_orders", "last_order_id", "outcome_hash", "state_hash")
MID_TICKS = 10_000


def config(venue: Venue) -> ClientConfig:
    return venue.client_config(key=KEY, timeout_s=30.0)


def instrument(number: int, symbol: str) -> DefineInstrument:
    cent, one = Decimal(mantissa=1, exponent=-2), Decimal(mantissa=1, exponent=0)
    return DefineInstrument(instrument=number, symbol=symbol, tick_size=cent, lot_size=one)


def new_order(cl_ord_id: int, **fields: object) -> NewOrder:
    terms = {
        "instrument": 1,
        "account": 7,
        "side": Side.BUY,
        "price": MID_TICKS,
        "order_qty": 10,
        "ord_type": OrdType.LIMIT,
        "time_in_force": TimeInForce.GOOD_TILL_CANCEL,
    }
    return NewOrder(cl_ord_id=cl_ord_id, **{**terms, **fields})


def flow(seed: int, count: int, first_id: int) -> np.ndarray:
    """Orders of every type around a mid in two books, and every command that changes one; some name no live order."""
    rng = np.random.default_rng(seed)
    rows = np.zeros(count, COMMAND)
    kinds = [CommandKind.NEW_ORDER, CommandKind.CANCEL_ORDER, CommandKind.REDUCE_ORDER, CommandKind.REPLACE_ORDER]
    rows["kind"] = rng.choice(kinds, count, p=[0.7, 0.1, 0.1, 0.1])
    rows["cl_ord_id"] = np.arange(first_id, first_id + count)
    rows["orig_cl_ord_id"] = np.maximum(rows["cl_ord_id"] - rng.integers(1, 40, count), 1)
    rows["instrument"] = rng.integers(1, 2, count, endpoint=True)
    rows["account"] = rng.integers(0, 3, count)
    rows["side"] = rng.integers(Side.BUY, Side.SELL, count, endpoint=True)
    away = rng.integers(-4, 15, count)
    rows["price"] = MID_TICKS + np.where(rows["side"] == Side.BUY, -away, away)
    rows["quantity"] = rng.integers(1, 100, count, endpoint=True)
    rows["ord_type"] = OrdType.LIMIT
    lives = [TimeInForce.GOOD_TILL_CANCEL, TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL]
    rows["time_in_force"] = rng.choice(lives, count, p=[0.8, 0.1, 0.1])
    market = (rows["kind"] == CommandKind.NEW_ORDER) & (rng.random(count) < 0.05)
    rows["ord_type"][market] = OrdType.MARKET
    rows["price"][market] = np.iinfo(np.int64).min
    return rows


def trade(client: Client, seed: int, count: int = 600) -> None:
    """Sends a flow in batches, and waits for every answer."""
    rows = flow(seed, count, first_id=seed * 10_000)
    for start in range(0, count, 50):
        client.send(rows[start : start + 50])
        client.poll()
    client.wait_all()


def corners(client: Client, first_id: int) -> None:
    """What a flow seldom holds: bytes that are no command, orders that make no sense, the client id 0, mass cancels."""
    for body in (b"", b"\x0a\x00", bytes(40), bytes(new_order(1))[:20], bytes(new_order(1)) + b"padding"):
        client.call(body)
    for fields in ({"price": -1}, {"order_qty": 0}, {"instrument": 77}, {"price": 2**62}):
        client.call(new_order(first_id, **fields))
    client.call(instrument(1, "OAK"))
    client.call(instrument(1, "ELM"))
    client.call(new_order(0, price=1))
    client.call(new_order(first_id + 1, price=2))
    client.call(new_order(first_id + 1, price=2))
    client.call(ReplaceOrder(0, first_id + 1, 3, 20))
    client.call(ReduceOrder(first_id + 1, 3))
    client.call(CancelOrder(first_id + 1))
    client.call(MassCancel(2, OptionalSide.BUY))
    client.call(MassCancel(None, OptionalSide.BOTH))
    client.call(new_order(first_id + 2, price=4))


def write_fsync(venue: Venue) -> None:
    with Client(config(venue)) as first, Client(config(venue)) as second:
        for number, symbol in ((1, "OAK"), (2, "ELM")):
            first.call(instrument(number, symbol))
        trade(first, 1)
        trade(second, 2)
        corners(second, 900)
        session = first.session
    venue.stop()
    restart(venue, logic_version=2)
    with Client(config(venue), session=session) as first, Client(config(venue)) as third:
        corners(first, 1_900)
        trade(first, 3)
        trade(third, 4)
        venue.kill()
        venue.start()
        trade(third, 5)
        third.submit(new_order(POISON_ID))
        assert venue.process is not None
        assert venue.process.wait(30) == 1, "the planted fault did not fire"
        skip(venue.journal, int(venue.last_words().split("journal skip ")[1].split()[0]))
        venue.start()
        third.wait_all()
        trade(third, 6)
        third.submit(Logoff())
    venue.stop()


def write_relaxed(venue: Venue) -> None:
    with Client(config(venue)) as first, Client(config(venue)) as second:
        for number, symbol in ((1, "OAK"), (2, "ELM")):
            first.call(instrument(number, symbol))
        trade(first, 11)
        trade(second, 12)
        corners(first, 900)
    venue.kill()
    venue.start()
    with Client(config(venue)) as third:
        trade(third, 13)
    venue.stop()


def write_day(venue: Venue) -> int:
    """The seq of which a snapshot is kept."""
    with Client(config(venue)) as operator, Client(config(venue)) as first, Client(config(venue)) as second:
        clients = {7: first, 8: second, 9: operator}
        for number, symbol in ((1, "OAK"), (2, "ELM")):
            operator.call(instrument(number, symbol))
        day.a_day(operator, first, second)
        full = day.a_full_book(operator, first, second)
        day.anything(clients, seed=3, count=300, mood=8)
        venue.kill()
        venue.start()
        day.anything(clients, seed=4, count=300, mood=3)
    venue.stop()
    return full


def write_halts(venue: Venue) -> int:
    """The seq of which a snapshot is kept."""
    with Client(config(venue)) as operator, Client(config(venue)) as first:
        for number, symbol in ((1, "OAK"), (2, "ELM")):
            operator.call(instrument(number, symbol))
        halts.under_version_3(operator, first)
        sessions = operator.session, first.session
    venue.stop()
    restart(venue, logic_version=4)
    with (
        Client(config(venue), session=sessions[0]) as operator,
        Client(config(venue), session=sessions[1]) as first,
        Client(config(venue)) as second,
    ):
        halted = halts.under_version_4(operator, first, second)
        venue.kill()
        venue.start()
        halts.after_a_restart({7: first, 8: second, 9: operator}, seed=5)
    venue.stop()
    return halted


WRITERS = {
    "fsync": (write_fsync, "fsync", 1),
    "relaxed": (write_relaxed, "relaxed", 2),
    "day": (write_day, "fsync", 3),
    "halts": (write_halts, "fsync", 3),
}
"""By name: who writes it, its durability, and the logic version that it begins with."""


def restart(venue: Venue, logic_version: int) -> None:
    """Starts it again under other rules."""
    place = venue.command.index("--logic-version") + 1
    venue.command[place] = str(logic_version)
    venue.start()


def skip(journal: Path, seq: int) -> None:
    with tempfile.NamedTemporaryFile() as key_file:
        key_file.write(KEY)
        key_file.flush()
        command = [sys.executable, "-m", "seriatim", "journal", "skip", str(seq), str(journal)]
        environment = {**os.environ, **PLANTED}
        subprocess.run([*command, "--key-file", key_file.name], env=environment, check=True, timeout=60)


def pack(journal: Path, target: Path) -> None:
    """The files that hold the log and who it is, without LMDB's lock files and segments made ahead."""
    with tarfile.open(target, "w:xz") as archive:
        for path in sorted(journal.glob("*.lmdb")):
            if not path.name.startswith("spare-"):
                entry = tarfile.TarInfo(path.name)
                entry.size = path.stat().st_size
                archive.addfile(entry, io.BytesIO(path.read_bytes()))


def say(name: str, state: dict[str, object]) -> None:
    """What the journal gives."""
    (HERE / f"{name}.txt").write_text("".join(f"{field} {state[field]}\n" for field in SAID))


def keep_snapshot(journal: Path, name: str, at_seq: int) -> None:
    """What it has come to with the block of a seq."""
    with tempfile.TemporaryDirectory() as folder:
        write_snapshot(journal, Path(folder) / "snapshot", at_seq, KEY)
        packed = lzma.compress((Path(folder) / "snapshot").read_bytes())
    (HERE / f"{name}-{at_seq}.snapshot.xz").write_bytes(packed)


def write(name: str) -> None:
    writer, durability, logic_version = WRITERS[name]
    with tempfile.TemporaryDirectory() as folder:
        journal, key_file = Path(folder) / "journal", Path(folder) / "key"
        key_file.write_bytes(KEY)
        options = ("--segment-mib", "2", "--key-file", str(key_file), "--logic-version", str(logic_version))
        with Venue(journal, durability=durability, options=options, environment=PLANTED) as venue:
            kept = writer(venue)
        state = journal_state(journal, key=KEY)
        pack(journal, HERE / f"{name}.tar.xz")
        say(name, state)
        if kept is not None:
            keep_snapshot(journal, name, kept)


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        write(wanted)

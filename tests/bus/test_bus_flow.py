"""A real hour of trading through the bus. The file is not part of the repository: see SERIATIM_DATA."""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from seriatim.engine import CancelOrder, Command, CommandKind, Engine, NewOrder, ReduceOrder
from seriatim.engine.reference import ReferenceEngine
from seriatim.schemas import Decimal, DefineInstrument
from seriatim.tools.flow import lobster
from tests.bus.bus_help import free_udp_port

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(os.environ.get("SERIATIM_DATA", ROOT.parent / "shared/data/aapl-2012-06-21-message-50.csv.gz"))

pytestmark = pytest.mark.skipif(
    not FILE.is_file(), reason=f"LOBSTER's sample is not at {FILE}; name it in SERIATIM_DATA to run this"
)


def as_command(row: dict[str, int]) -> Command:
    """A row of the flow as the object that the reference takes."""
    match row["kind"]:
        case CommandKind.NEW_ORDER:
            names = ("cl_ord_id", "instrument", "side", "quantity", "price", "ord_type", "time_in_force", "account")
            values: dict[str, Any] = {name: row[name] for name in names}
            return NewOrder(**values)
        case CommandKind.REDUCE_ORDER:
            return ReduceOrder(row["orig_cl_ord_id"], row["quantity"])
        case _:
            return CancelOrder(row["orig_cl_ord_id"])


@pytest.fixture(scope="module")
def judged() -> tuple[lobster.Flow, str]:
    """The flow, and the outcome hash that the plain Python engine gives it."""
    flow = lobster.read(FILE)
    size = Decimal(mantissa=1, exponent=0)
    terms = DefineInstrument(instrument=1, symbol="AAPL", tick_size=Decimal(mantissa=1, exponent=-4), lot_size=size)
    native, reference = Engine(), ReferenceEngine()
    commands = flow.commands.copy()
    commands["session"] = 1
    native.execute_bytes(1, bytes(terms))
    native.apply_array(commands)
    reference.execute_bytes(1, bytes(terms))
    for row in commands.tolist():
        reference.apply(1, as_command(dict(zip(commands.dtype.names or (), row, strict=True))))
    assert reference.outcome_hash == native.outcome_hash
    return flow, f"{reference.outcome_hash:016x}"


@pytest.mark.parametrize(("channel", "durability"), [*itertools.product(("ipc", "udp"), ("fsync", "relaxed"))])
def test_the_hour_has_the_same_outcome_on_every_channel_and_in_every_durability(
    channel: str, durability: str, judged: tuple[lobster.Flow, str]
):
    flow, outcome_hash = judged
    command = [sys.executable, "-m", "seriatim", "flow", "lobster", str(FILE), "--json", "--channel", channel]
    command += ["--durability", durability, "--udp-port", str(free_udp_port())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    assert result["executions"] == 4_067
    assert result["same_order_as_exchange"] == 3_985
    assert result["messages"] == flow.rows
    assert result["orders"] == len(flow.commands)
    assert result["outcome_hash"] == outcome_hash

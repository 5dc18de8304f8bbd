"""A client that dies between taking room in its stream and writing there leaves a stream that no driver ends. The node
ends the connection: its slot is free again, and what was asked for on disconnect is done."""

import subprocess
import sys
from pathlib import Path

import pytest

from seriatim.client import Client
from seriatim.tools.venue import UDP_INGRESS, Venue
from tests.bus.bus_help import SMALL_SEGMENTS, counters, free_udp_port, instrument, outside_driver, wait_for

DYING = """
import mmap, os, signal, struct, sys
from pathlib import Path
from seriatim.client import Client
from seriatim.config import ClientConfig
from seriatim.engine import CancelOn, ConfigureSession, NewOrder, Side

aeron_dir, ingress, key = sys.argv[1:]
with Client(ClientConfig(aeron_dir=aeron_dir, ingress=ingress, key=key.encode())) as client:
    client.call(ConfigureSession(CancelOn.DISCONNECT))
    client.call(NewOrder(1, 1, Side.BUY, 10, 100))
    stream = client._connection._publication.registration_id
    with Path(aeron_dir, "publications", f"{stream}.logbuffer").open("r+b") as file, mmap.mmap(file.fileno(), 0) as log:
        meta = len(log) - META_BYTES
        (terms,) = struct.unpack_from("<i", log, meta + 24)
        tail = meta + 8 * (terms % 3)
        struct.pack_into("<q", log, tail, struct.unpack_from("<q", log, tail)[0] + 64)
        os.kill(os.getpid(), signal.SIGKILL)
""".replace("META_BYTES", "4096")
"""What `aeron_exclusive_publication_offer` does first, and no more: the tail of the term moves on."""


@pytest.mark.parametrize("over", ["ipc", "udp"])
def test_a_client_that_dies_in_a_claim_is_gone_and_its_orders_are_cancelled(over: str, tmp_path: Path):
    udp = UDP_INGRESS.format(port=free_udp_port())
    with (
        outside_driver(image_liveness_timeout_ns=2_000_000_000) as driver,
        Venue(tmp_path / "journal", aeron_dir=driver, options=(*SMALL_SEGMENTS, "--ingress", udp)) as venue,
    ):
        with Client(venue.client_config()) as client:
            client.call(instrument())
        ingress = udp if over == "udp" else venue.ingress
        died = subprocess.run(
            [sys.executable, "-c", DYING, driver, ingress, venue.key.decode()], timeout=60, check=False
        )
        assert died.returncode == -9
        assert counters(driver)["live orders"] == 1
        wait_for(lambda: counters(driver)["connections"] == 0, bound_s=45)
        wait_for(lambda: counters(driver)["live orders"] == 0)
        with Client(venue.client_config()) as client:
            assert client.session == 3

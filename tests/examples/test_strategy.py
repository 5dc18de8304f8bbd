"""An example: a strategy that keeps one bid and one offer in the book, tested under seeded faults and on a real node.

The strategy sees a client and nothing else, so it cannot tell a simulated venue from a real one.
"""

from typing import Any

import numpy as np
import pytest

from seriatim.engine import EventKind
from seriatim.schemas import CancelOrder, Decimal, DefineInstrument, NewOrder, OrdType, Side, TimeInForce

INSTRUMENT = 7
ONE = Decimal(mantissa=1, exponent=0)
TERMS = DefineInstrument(instrument=INSTRUMENT, symbol="EXAMPLE", tick_size=ONE, lot_size=ONE)


class Quoter:
    """Quotes `half_spread` ticks around a middle that the caller moves: cancels both orders and sends new ones."""

    def __init__(self, client: Any, half_spread: int = 2, quantity: int = 10) -> None:
        self.client = client
        self.half_spread, self.quantity = half_spread, quantity
        self.last_id = 0
        self.live: list[int] = []
        self.position = 0

    def quote(self, middle: int) -> None:
        for order in self.live:
            self.client.submit(CancelOrder(orig_cl_ord_id=order))
        self.live = [
            self._order(Side.BUY, middle - self.half_spread),
            self._order(Side.SELL, middle + self.half_spread),
        ]

    def hear(self, events: np.ndarray) -> None:
        filled = events[(events["kind"] == EventKind.FILLED) & (events["session"] == self.client.session)]
        bought = filled["side"] == Side.BUY
        self.position += int(filled["quantity"][bought].sum()) - int(filled["quantity"][~bought].sum())

    def _order(self, side: Side, price: int) -> int:
        self.last_id += 1
        self.client.submit(
            NewOrder(
                cl_ord_id=self.last_id,
                instrument=INSTRUMENT,
                account=1,
                side=side,
                price=price,
                order_qty=self.quantity,
                ord_type=OrdType.LIMIT,
                time_in_force=TimeInForce.GOOD_TILL_CANCEL,
            )
        )
        return self.last_id


@pytest.mark.seriatim(seeds=10, clients=0, faults=("crash", "restart", "cut", "ghost", "twice", "slow-disk"))
def test_a_quoter_has_two_orders_in_the_book_whatever_happens(simulated_venue):
    client = simulated_venue.client()
    client.call(TERMS)
    quoter = Quoter(client)
    for middle in (100, 101, 99, 105):
        quoter.quote(middle)
        simulated_venue.run(200)
        quoter.hear(client.poll())
    quoter.hear(client.wait_all())
    assert quoter.position == 0
    assert simulated_venue.check().live_orders == 2


def test_a_quoter_goes_on_after_its_node_was_killed(node_process):
    with node_process.client(timeout_s=30.0) as client:
        client.call(TERMS)
        quoter = Quoter(client)
        quoter.quote(100)
        quoter.hear(client.wait_all())
        node_process.kill()
        node_process.start()
        quoter.quote(103)
        quoter.hear(client.wait_all())
        assert quoter.position == 0
    state = node_process.stop()
    assert state["live_orders"] == 2


def test_a_full_disk_refuses_and_goes_on_when_there_is_room(node_process):
    with node_process.client(timeout_s=30.0) as client:
        client.call(TERMS)
        quoter = Quoter(client)
        node_process.fill_disk()
        quoter.quote(100)
        answered = client.answered
        node_process.free_disk()
        quoter.hear(client.wait_all())
        assert client.answered == answered + 2
    assert node_process.stop()["live_orders"] == 2

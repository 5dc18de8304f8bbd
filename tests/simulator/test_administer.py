"""An operator of a simulated venue: the same call as on a real one."""

from decimal import Decimal

import pytest

from seriatim import administer
from seriatim.engine import EventKind, Instrument
from seriatim.errors import CommandRejected


@pytest.mark.seriatim(seeds=3, clients=0, faults=("cut", "twice"))
def test_a_command_is_carried_out_or_raises(simulated_venue):
    operator = simulated_venue.client()
    (event,) = administer(operator, Instrument(7, "OAK", Decimal("0.01"), Decimal(1)))
    assert event["kind"] == EventKind.INSTRUMENT_DEFINED
    with pytest.raises(CommandRejected, match="define instrument was rejected: an instrument with this number"):
        administer(operator, Instrument(7, "ELM", Decimal("0.01"), Decimal(1)))

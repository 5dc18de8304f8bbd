"""A venue under a virtual clock, network and disk that fail as a seed says: the production cores, in one thread.

run(Simulation(seed=7))                        # one seed: what happened, and what broke
with SimulatedVenue(seed=7) as venue:          # a venue for the test of a gateway or a strategy
    client = venue.client()
    events = client.call(NewOrder(...))
    venue.crash()
    venue.check()
"""

from seriatim.simulator.client import SimulatedClient
from seriatim.simulator.simulation import COUNTS, FAULTS, Outcome, Simulation, run, shrink
from seriatim.simulator.venue import PromiseBroken, SimulatedVenue

__all__ = [
    "COUNTS",
    "FAULTS",
    "Outcome",
    "PromiseBroken",
    "SimulatedClient",
    "SimulatedVenue",
    "Simulation",
    "run",
    "shrink",
]

"""One suite for both engines: the native one, and the reference in plain Python that judges it."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.engine.desk import Desk
from tests.engine.engines import ENGINES, AnyEngine


@pytest.fixture(params=ENGINES, ids=["native", "reference"])
def new_engine(request: pytest.FixtureRequest) -> Callable[..., AnyEngine]:
    """Makes an engine in which instruments 1 and 2 are defined."""

    def make(**options: int) -> AnyEngine:
        engine = request.param(**options)
        for instrument, symbol in ((1, "AAPL"), (2, "MSFT")):
            engine.define_instrument(instrument, symbol, tick_size=Decimal("0.01"), lot_size=Decimal(1))
        return engine

    return make


@pytest.fixture
def engine(new_engine: Callable[..., AnyEngine]) -> AnyEngine:
    return new_engine()


@pytest.fixture(params=ENGINES, ids=lambda kind: kind.__name__)
def new_desk(request: pytest.FixtureRequest) -> Callable[..., Desk]:
    """Makes a desk at an engine, in which instruments 1 and 2 are defined."""

    def make(**options: int) -> Desk:
        desk = Desk(request.param(**options))
        for instrument in (1, 2):
            desk.define(instrument)
        return desk

    return make


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    return new_desk()

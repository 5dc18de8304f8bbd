"""An order on its way in, or live."""

from dataclasses import dataclass

from seriatim.engine.reference.vocabulary import RESTING_TIMES, STOP_TYPES
from seriatim.schemas import OrdType, SelfTradePrevention, Side, TimeInForce


@dataclass
class Order:
    """One order. Quantities are in lots, prices in ticks."""

    order_id: int
    cl_ord_id: int
    session: int
    account: int
    instrument: int
    side: Side
    ord_type: OrdType
    time_in_force: TimeInForce
    price: int | None
    leaves: int
    filled: int = 0
    stop_price: int | None = None
    display: int | None = None
    """Of an iceberg: how much it shows at most."""
    minimum: int | None = None
    expire_ns: int | None = None
    group: int = 0
    post_only: bool = False
    prevention: SelfTradePrevention = SelfTradePrevention.NONE
    waiting: bool = False
    """A stop that has not been triggered."""
    slice_left: int = 0
    """Of an iceberg in a queue: how much of it is shown now."""
    arrival: int = 0
    """When it joined the queue of its price; of a waiting stop, when it was accepted."""

    @property
    def shown(self) -> int:
        """How much of a resting order others see, and can take at once."""
        return self.leaves if self.display is None else self.slice_left

    @property
    def may_rest(self) -> bool:
        """Once it has traded what it can. A stop is asked after its trigger."""
        return self.price is not None and self.time_in_force in RESTING_TIMES

    @property
    def needs_room(self) -> bool:
        """It may become a live order: by resting, or by waiting for its trigger."""
        return self.may_rest or self.waiting

    def show_slice(self) -> None:
        """An iceberg shows as much as it may."""
        if self.display is not None:
            self.slice_left = min(self.display, self.leaves)

    def take(self, quantity: int) -> None:
        """So much of it is gone, what is shown first."""
        self.leaves -= quantity
        self.slice_left = max(0, self.slice_left - quantity)

    def lose(self, quantity: int) -> None:
        """So much of it is gone, what is hidden first."""
        self.leaves -= quantity
        self.slice_left = min(self.slice_left, self.leaves)


def is_stop(ord_type: int) -> bool:
    """It waits for a trigger."""
    return ord_type in STOP_TYPES

"""The limits of one session or account beside what is used of them, in words."""

from collections.abc import Iterator

from seriatim.engine import CancelOn
from seriatim.engine.settings import OwnerSettings

Row = tuple[str, str, str]
"""What is limited, the most, and what is used of it."""


def limit_rows(owner: OwnerSettings) -> Iterator[Row]:
    """Of what is limited, the kill switch first; nothing if nothing is."""
    limits = owner.limits
    if owner.killed:
        yield "kill switch", "engaged", ""
    if limits.order_quantity_max is not None:
        yield "lots of an order", f"{limits.order_quantity_max:,}", ""
    if limits.order_value_max is not None:
        yield "value of an order, ticks × lots", f"{limits.order_value_max:,}", ""
    if limits.position_max is not None:
        yield "lots long or short, open orders filled", f"{limits.position_max:,}", f"{owner.exposure:,}"
    if limits.open_orders_max is not None:
        yield "open orders", f"{limits.open_orders_max:,}", f"{owner.open_orders:,}"
    if limits.messages_max is not None:
        yield f"messages in {limits.rate_interval_ns / 10**9:g} s", f"{limits.messages_max:,}", f"{owner.messages:,}"
    for end in CancelOn:
        if limits.cancel_on & end and end.name:
            yield f"orders are cancelled on {end.name.lower()}", "yes", ""

"""What the demo shows while it happens."""

import numpy as np
from rich.columns import Columns
from rich.console import RenderableType
from rich.panel import Panel
from rich.table import Table

from seriatim.tools.demo.session import Book
from seriatim.tools.demo.stats import percentiles_us
from seriatim.tools.figures import LEAVES, size

BAR_WIDTH = 12


def render(
    stats: np.ndarray,
    rates: dict[str, float],
    counters: dict[str, int],
    *,
    book: Book,
    journal_bytes: int,
    left_s: float,
) -> RenderableType:
    """Figures on the left, the book on the right; together they fit a terminal of 80 columns and 24 lines."""
    left = f"{left_s:.0f} s left" if left_s > 0 else "ending"
    title = f"one node, {len(stats)} sessions, {left}"
    numbers = Panel(figures(stats, rates, counters, journal_bytes), title=title)
    return Columns([numbers, Panel(depth(book), title=f"book of {book.symbol}")])


def figures(stats: np.ndarray, rates: dict[str, float], counters: dict[str, int], journal_bytes: int) -> Table:
    """Totals, rates, latencies and positions."""
    table = Table.grid(padding=(0, 1))
    table.add_column(min_width=16)
    table.add_column(justify="right", min_width=11)
    table.add_column(justify="right", min_width=9)
    for name in ("sent", "answered", "accepted", "cancelled", "rejected"):
        table.add_row(f"orders {name}", f"{int(stats[name].sum()):,}", f"{rates.get(name, 0):,.0f} /s")
    table.add_row("executions", f"{int(stats['fills'].sum()) // 2:,}", f"{rates.get('fills', 0) / 2:,.0f} /s")
    table.add_row()
    for name, value in percentiles_us(stats).items():
        table.add_row(f"latency {LEAVES.get(name, name)}", f"{value:,.0f}", "µs")
    table.add_row()
    for name in ("stamped", "released", "persisted", "executed"):
        table.add_row(f"{name} seq", f"{counters.get(f'{name} seq', 0):,}")
    table.add_row("journal, used", size(journal_bytes), "")
    return table


def depth(book: Book) -> Table:
    """Price levels with a bar for the quantity; sells above buys."""
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", min_width=7)
    table.add_column(justify="right", min_width=7)
    table.add_column(min_width=BAR_WIDTH)
    quantities = [*book.bids["quantity"].tolist(), *book.asks["quantity"].tolist(), 1]
    longest = max(quantities)
    for levels, colour in ((book.asks[::-1], "red"), (book.bids, "green")):
        for level in levels:
            bar = "█" * max(1, round(BAR_WIDTH * int(level["quantity"]) / longest))
            price = f"{int(level['price']) / 100:,.2f}"
            table.add_row(f"[{colour}]{price}[/]", f"{int(level['quantity']):,}", f"[{colour}]{bar}[/]")
        if colour == "red":
            table.add_row("─" * 7, "─" * 7, "─" * BAR_WIDTH)
    return table

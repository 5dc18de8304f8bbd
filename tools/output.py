"""How commands talk: tables for people, JSON for machines, progress only on a terminal."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from seriatim.tools.figures import FIGURES, figure_rows

console = Console()
errors = Console(stderr=True)

SIDE_BY_SIDE = 3
"""Results in one table; more make the next one."""


def emit(result: Mapping[str, Any], as_json: bool, title: str = "") -> None:
    """Prints a result: one line of JSON, or a table with a row for each figure."""
    if as_json:
        print(json.dumps(result))
        return
    apart = {name: value for name, value in result.items() if name in FIGURES and FIGURES[name].apart and value}
    print_figures([{name: value for name, value in result.items() if name not in apart}], title)
    for words, text, _ in figure_rows(apart):
        for line in text.splitlines():
            console.print(f"{words}: {line}", markup=False, highlight=False)


def print_figures(results: Sequence[Mapping[str, Any]], title: str = "") -> None:
    """A row for each figure, a column for each of the results, which have the same keys; units in the last column."""
    for first in range(0, len(results), SIDE_BY_SIDE):
        side_by_side = [list(figure_rows(result)) for result in results[first : first + SIDE_BY_SIDE]]
        table = plain_table("figure", *[""] * len(side_by_side), "unit", show_header=False)
        for cells in zip(*side_by_side, strict=True):
            table.add_row(cells[0][0], *(value for _, value, _ in cells), cells[0][2])
        say(title)
        console.print(table)


def plain_table(first: str, *others: str, **settings: Any) -> Table:
    """A table whose width goes to its contents: it fits 80 columns, on a terminal and in a file."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, **settings)
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="left" if name == "unit" else "right", overflow="fold")
    return table


def say(text: str) -> None:
    """A line for people, as it stands, at once."""
    if text:
        console.print(text, markup=False, highlight=False, soft_wrap=True)
        console.file.flush()


@contextmanager
def progress(description: str, total: float | None) -> Iterator[Any]:
    """Gives `advance_to(done)`; shows a bar with the time left on a terminal, and nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=errors, transient=True) as bar:
        task = bar.add_task(description, total=total)
        yield lambda done: bar.update(task, completed=done)

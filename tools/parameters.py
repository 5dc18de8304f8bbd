"""What options and arguments of the commands take."""

import math
from pathlib import Path
from typing import Any

import click


class Whole(click.IntRange):
    """A whole number within bounds."""

    name = "integer"


class Number(click.FloatRange):
    """A number within bounds; neither nan, which no bound holds back, nor infinity."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a valid number.", param, ctx)
        return number


class Wholes(Whole):
    """Whole numbers within bounds with commas between them, as a list."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        entries: list[Any] = value.split(",") if isinstance(value, str) else value
        return [super(Wholes, self).convert(entry, param, ctx) for entry in entries]


class Named(click.Path):
    """A file or folder that has a name: an empty one, as of a variable of a shell that is not set, is not `here`."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(path_type=Path, **settings)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("the name is empty.", param, ctx)
        return super().convert(value, param, ctx)

"""What a trader of the demo is told on its command line."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """`place` is its row in the stats file, `rate` its commands per second; it ends with the process `parent`."""

    aeron_dir: str
    ingress: str
    stats: str
    place: int
    instruments: int
    rate: int
    parent: int

    def as_json(self) -> str:
        """For the command line."""
        return json.dumps(asdict(self))

"""What a client of a drill is told on its command line."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """What a trader is told on its command line."""

    aeron_dir: str
    ingress: str
    key_file: str
    record: str
    seed: int
    rate: int
    parent_pid: int
    """Who started it, and with whom it ends."""

    def as_json(self) -> str:
        return json.dumps(asdict(self))

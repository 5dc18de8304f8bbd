"""Which engines the suites of version 3 run on."""

from typing import Any

from seriatim.engine import Engine
from seriatim.engine.reference import ReferenceEngine

NATIVE_KNOWS_VERSION_3 = True
"""Whether the native engine runs the suites of version 3, and is judged by the reference under it."""

JUDGED: Any = Engine if NATIVE_KNOWS_VERSION_3 else ReferenceEngine
"""What the reference is compared with; until the native engine is there, another reference."""
VERSION_3_ENGINES: list[Any] = [Engine, ReferenceEngine] if NATIVE_KNOWS_VERSION_3 else [ReferenceEngine]

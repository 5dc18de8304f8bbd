"""The engines that one suite runs on."""

from seriatim.engine import Engine
from seriatim.engine.reference import ReferenceEngine

AnyEngine = Engine | ReferenceEngine
ENGINES: list[type[AnyEngine]] = [Engine, ReferenceEngine]

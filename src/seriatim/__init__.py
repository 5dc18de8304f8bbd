"""Seriatim: a messaging bus with a sequencer.

    with Node(NodeConfig(journal=folder)), Client() as client:
        client.call(order)

`Node` and `Client` are the bus, `Recorder`, `EventLog` and `follow` what came of it before, `seriatim.schemas` its
messages, `seriatim.engine` the matching engine, `seriatim.journal` the order on disk, `seriatim.aeron` the transport.
Names are loaded when they are first used, so that importing a part does not load the rest.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seriatim.admin import administer
    from seriatim.client import Client
    from seriatim.config import ClientConfig, NodeConfig, RecorderConfig
    from seriatim.errors import SeriatimError
    from seriatim.journal.event_log import EventLog
    from seriatim.sequencer.follow import follow
    from seriatim.sequencer.node import Node
    from seriatim.sequencer.recorder import Recorder
    from seriatim.sequencer.replica import Replica

__all__ = [
    "Client",
    "ClientConfig",
    "EventLog",
    "Node",
    "NodeConfig",
    "Recorder",
    "RecorderConfig",
    "Replica",
    "SeriatimError",
    "administer",
    "follow",
]

_MODULES = {
    "Client": "seriatim.client",
    "ClientConfig": "seriatim.config",
    "EventLog": "seriatim.journal.event_log",
    "Node": "seriatim.sequencer.node",
    "NodeConfig": "seriatim.config",
    "Recorder": "seriatim.sequencer.recorder",
    "RecorderConfig": "seriatim.config",
    "Replica": "seriatim.sequencer.replica",
    "SeriatimError": "seriatim.errors",
    "administer": "seriatim.admin",
    "follow": "seriatim.sequencer.follow",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

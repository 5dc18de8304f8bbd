"""For tests of gateways and strategies: the fixtures of the pytest plugin, and what they give."""

from seriatim.tools.testing.node_process import NodeProcess

__all__ = ["NodeProcess"]

"""The same engine in plain Python: slow and obvious. It judges the native one, so it shares none of its ideas.

A book is the set of live orders with its instrument. Whoever trades first is found by sorting, and what would trade by
trading copies.
"""

from seriatim.engine.reference.decoding import decode
from seriatim.engine.reference.face import ReferenceEngine

__all__ = ["ReferenceEngine", "decode"]

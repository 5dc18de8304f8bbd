"""The recorder: a process of its own that follows the journal with a second engine and writes the event log."""

from seriatim.sequencer.recorder.lag import Lag
from seriatim.sequencer.recorder.recorder import Recorder

__all__ = ["Lag", "Recorder"]

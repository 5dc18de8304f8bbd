"""Seriatim: a messaging bus with a sequencer."""

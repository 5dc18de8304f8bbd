"""Runs of pytest within a test, to see what the plugin does."""

pytest_plugins = ["pytester"]

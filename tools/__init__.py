"""The `seriatim` command and what it runs: node, driver, demo, flow, journal, bench."""

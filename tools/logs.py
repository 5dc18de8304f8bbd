"""What the commands log, and how: one line per event, on standard error, never on the order path."""

import sys

import structlog


def set_up_logs(as_json: bool) -> None:
    """JSON for machines, coloured text on a terminal, plain text elsewhere."""
    renderer: structlog.typing.Processor
    if as_json:
        renderer = structlog.processors.JSONRenderer()
        time_format = "iso"
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0, sort_keys=False)
        time_format = "%Y-%m-%d %H:%M:%S"
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt=time_format, utc=True),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )

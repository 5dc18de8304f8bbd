"""Idle strategies: what an agent's thread does when there is nothing to do."""

from seriatim.aeron.errors import ConfigurationError

# Aeron's names, and how many numbers may follow each.
_ARGUMENTS = {"noop": 0, "spin": 0, "yield": 0, "sleeping": 1, "backoff": 4}


def idle_arguments(strategy: str) -> tuple[str, str | None]:
    """Splits ``name`` or ``name:numbers`` into what Aeron takes; raises :class:`ConfigurationError`.

    ``sleeping`` takes nanoseconds; ``backoff`` takes spins, yields and the shortest and longest park in nanoseconds.
    """
    name, colon, numbers = strategy.partition(":")
    if name not in _ARGUMENTS:
        raise ConfigurationError(f"unknown idle strategy {strategy!r}; use one of {', '.join(_ARGUMENTS)}")
    if not colon:
        return name, None
    parts = numbers.split(",")
    if len(parts) != _ARGUMENTS[name] or not all(part.isascii() and part.isdigit() for part in parts):
        raise ConfigurationError(f"idle strategy {name!r} takes {_ARGUMENTS[name]} whole numbers, got {numbers!r}")
    return name, "-".join(parts)

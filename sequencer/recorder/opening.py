"""What a process opens at a media driver: refused at first, it is an error of the configuration."""

from collections.abc import Iterator
from contextlib import contextmanager

from seriatim.aeron import ConfigurationError, RegistrationError, StorageSpaceError
from seriatim.errors import ConfigError


class Opening:
    """Raises ConfigError, which begins with `what`, for what a driver refuses; but what could be opened before can be
    opened again, sooner or later, and what Aeron raises then is left to who tries again."""

    def __init__(self, what: str) -> None:
        self._what = what
        self.has_opened = False
        """Whether it could be opened before."""

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Around whatever opens it."""
        try:
            yield
        except (RegistrationError, ConfigurationError) as error:
            if self.has_opened or isinstance(error, StorageSpaceError):
                raise
            raise ConfigError(f"{self._what}: {error}") from error
        self.has_opened = True

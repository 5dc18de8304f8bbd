"""What can go wrong with Aeron, as exceptions that carry Aeron's own text."""

from seriatim.aeron._library import ffi, lib


class AeronError(Exception):
    """Anything that Aeron reports. ``code`` is Aeron's number for it (or errno), or None when the error is ours."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class ConfigurationError(AeronError, ValueError):
    """A setting or argument that Aeron would refuse, found before Aeron sees it."""


class ClosedError(AeronError):
    """The object was closed, or the client that it belongs to."""


class ForkedError(ClosedError):
    """The object was made before ``os.fork``; the child must open its own."""


class BusyError(AeronError):
    """The subscription is already being polled, by another thread or further up the stack."""


class DriverActiveError(AeronError):
    """A media driver is running in this directory."""


class DriverTimeoutError(AeronError):
    """No media driver, or it stopped answering."""


class ClientTimeoutError(AeronError):
    """The driver has not heard from this client for too long and has closed its resources."""


class ConductorServiceTimeoutError(AeronError):
    """The client's conductor did not run for longer than the liveness timeout."""


class BufferFullError(AeronError):
    """The command buffer to the conductor or to the driver is full."""


class IllegalStateError(AeronError):
    """The client has stopped after an error and must be closed."""


class RegistrationError(AeronError):
    """The driver refused a publication, subscription, counter or destination."""


class InvalidChannelError(RegistrationError):
    """The driver could not use the channel URI."""


class ChannelEndpointError(RegistrationError):
    """A socket could not be opened: the address is in use or not ours."""


class UnknownHostError(RegistrationError):
    """A host name in the channel could not be resolved."""


class NotSupportedError(RegistrationError):
    """The driver does not support what was asked."""


class TemporarilyUnavailableError(RegistrationError):
    """The driver still closes what had this channel before, longer than it was waited for."""


class StorageSpaceError(RegistrationError):
    """The driver's directory has no room for the log buffers."""


class ImageRejectedError(AeronError):
    """A subscriber rejected the image."""


class PublicationRevokedError(AeronError):
    """The publication was revoked."""


class MaxPositionExceededError(AeronError):
    """The publication has reached the end of its position space and must be replaced."""


class MessageTooLongError(AeronError, ValueError):
    """The message is longer than the publication or the batch allows."""


class NotOfferedError(AeronError):
    """A claim was entered that the publication had refused; ``result`` says why."""


_BY_CODE: dict[int, type[AeronError]] = {
    1: InvalidChannelError,
    2: RegistrationError,
    3: RegistrationError,
    4: ChannelEndpointError,
    5: RegistrationError,
    6: RegistrationError,
    7: RegistrationError,
    8: NotSupportedError,
    9: UnknownHostError,
    10: TemporarilyUnavailableError,
    11: RegistrationError,
    12: StorageSpaceError,
    13: ImageRejectedError,
    14: PublicationRevokedError,
    1000: DriverTimeoutError,
    1001: ClientTimeoutError,
    1002: ConductorServiceTimeoutError,
    1003: BufferFullError,
    1004: BufferFullError,
    1005: IllegalStateError,
    1006: IllegalStateError,
}
FATAL = (DriverTimeoutError, ClientTimeoutError, ConductorServiceTimeoutError, IllegalStateError)


def error_of(code: int, text: str, context: str = "") -> AeronError:
    """The exception for one of Aeron's codes (1 to 14 from the driver, 1000 to 1006 from the client)."""
    message = f"{context}: {text.strip()}" if context else text.strip()
    return _BY_CODE.get(code, AeronError)(message, code)


def last_error(context: str) -> AeronError:
    """The exception for the last failure of a C call in this thread."""
    code: int = lib.aeron_errcode()
    text: str = ffi.string(lib.aeron_errmsg()).decode(errors="replace")
    return error_of(-code, text, context) if code < 0 else AeronError(f"{context}: {text.strip()}", code)


def check(result: int, context: str) -> int:
    """Passes a C call's result on, or raises what it left behind."""
    if result < 0:
        raise last_error(context)
    return result

"""Aeron from Python: messages over shared memory and UDP, by Aeron's own C driver and client.

>>> from seriatim.aeron import Aeron, Channel, MediaDriver
>>> with MediaDriver() as driver, Aeron(driver) as aeron:
...     subscription = aeron.add_subscription(Channel.ipc(), 10)
...     publication = aeron.add_exclusive_publication(Channel.ipc(), 10)
...     while publication.offer(b"hello") < 0:
...         pass
...     while not subscription.poll(lambda fragment, header: print(bytes(fragment))):
...         pass
b'hello'

`aeron/README.md` is the page to start from.
"""

from seriatim.aeron._library import version
from seriatim.aeron.assembler import ControlledFragmentAssembler, FragmentAssembler
from seriatim.aeron.batch import MessageBatch
from seriatim.aeron.channel import Channel
from seriatim.aeron.client import Aeron
from seriatim.aeron.counters import Counter, CounterInfo, CountersReader, CounterState
from seriatim.aeron.driver import MediaDriver, ThreadingMode, default_dir, is_driver_active
from seriatim.aeron.errors import (
    AeronError,
    BufferFullError,
    BusyError,
    ChannelEndpointError,
    ClientTimeoutError,
    ClosedError,
    ConductorServiceTimeoutError,
    ConfigurationError,
    DriverActiveError,
    DriverTimeoutError,
    ForkedError,
    IllegalStateError,
    ImageRejectedError,
    InvalidChannelError,
    MaxPositionExceededError,
    MessageTooLongError,
    NotOfferedError,
    NotSupportedError,
    PublicationRevokedError,
    RegistrationError,
    StorageSpaceError,
    TemporarilyUnavailableError,
    UnknownHostError,
)
from seriatim.aeron.header import Action, Header, HeaderValues
from seriatim.aeron.image import Image, ImageEvent
from seriatim.aeron.logs import CncFile, ErrorRecord, LossRecord
from seriatim.aeron.offer import BufferClaim, OfferedMany, OfferResult
from seriatim.aeron.publication import ExclusivePublication, Publication
from seriatim.aeron.subscription import Subscription

__all__ = [
    "Action",
    "Aeron",
    "AeronError",
    "BufferClaim",
    "BufferFullError",
    "BusyError",
    "Channel",
    "ChannelEndpointError",
    "ClientTimeoutError",
    "ClosedError",
    "CncFile",
    "ConductorServiceTimeoutError",
    "ConfigurationError",
    "ControlledFragmentAssembler",
    "Counter",
    "CounterInfo",
    "CounterState",
    "CountersReader",
    "DriverActiveError",
    "DriverTimeoutError",
    "ErrorRecord",
    "ExclusivePublication",
    "ForkedError",
    "FragmentAssembler",
    "Header",
    "HeaderValues",
    "IllegalStateError",
    "Image",
    "ImageEvent",
    "ImageRejectedError",
    "InvalidChannelError",
    "LossRecord",
    "MaxPositionExceededError",
    "MediaDriver",
    "MessageBatch",
    "MessageTooLongError",
    "NotOfferedError",
    "NotSupportedError",
    "OfferResult",
    "OfferedMany",
    "Publication",
    "PublicationRevokedError",
    "RegistrationError",
    "StorageSpaceError",
    "Subscription",
    "TemporarilyUnavailableError",
    "ThreadingMode",
    "UnknownHostError",
    "default_dir",
    "is_driver_active",
    "version",
]

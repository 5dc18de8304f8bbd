"""One recorder for each channel of a driver: a follower would find now one of two, now the other."""

from seriatim.config import FOLLOW_STREAM
from seriatim.errors import ServiceTaken
from seriatim.sequencer.ingress_lock import IngressLock


class ServiceLock(IngressLock):
    """As a node's for commands. Raises ServiceTaken if another recorder has the channel."""

    stream = FOLLOW_STREAM
    what = "service"

    @staticmethod
    def taken(place: str, holder: str) -> ServiceTaken:
        """What is raised when process `holder` has the place."""
        return ServiceTaken(
            f"process {holder} serves followers on {place} already, and a follower could not tell the two apart. Stop "
            "that recorder, or give this one another channel (--serve) or driver"
        )

"""The order of a journal, executed by the plain engine; what a replica makes of sessions is here once more."""

from seriatim.engine import Administered, DropCopy, Event, Rejected, RejectReason, template_of
from seriatim.engine.reference import ReferenceEngine
from seriatim.journal.block import Frame
from seriatim.schemas import CloseSession, Command, Logoff, OpenEpoch, OpenSession, SessionEnd, Tick
from seriatim.schemas import DropCopy as DropCopyBody

DROP_COPY = template_of(DropCopy(1))


class PlainOrder:
    """Frames in, events out; `skipped` are the seqs of commands that an operator has had skipped."""

    def __init__(self, skipped: set[int]) -> None:
        self.engine = ReferenceEngine()
        self._skipped = skipped
        self._logic_version = 0
        self._logons: dict[int, int] = {}
        """Of each session that somebody is logged on to, which logon it is."""
        self._known: set[int] = set()
        """Sessions that were ever opened."""

    @property
    def logged_on(self) -> set[int]:
        """The sessions to which somebody is logged on."""
        return set(self._logons)

    def apply(self, frame: Frame) -> list[Event]:
        """What the next frame causes."""
        data = bytes(frame.body)
        header = Command.wrap(data)
        body = data[header.encoded_length :]
        template = int.from_bytes(body[2:4], "little")
        self.engine.set_time(frame.time_ns)
        if not header.session:
            return self._own(template, body)
        if not header.number:
            return []  # somebody asks what became of a command
        if frame.seq in self._skipped:
            return self.engine.skip(header.session, body)
        if template == Logoff.TEMPLATE_ID:
            return self._closed(header.session, SessionEnd.LOGOFF)
        if template == DROP_COPY and self._logic_version >= 3:
            return self.engine.tell(self._copied(header.session, DropCopyBody.wrap(body).session))
        return self.engine.execute_bytes(header.session, body)

    def _copied(self, session: int, source: int) -> Event:
        """What becomes of a wish for copies of what another session is told."""
        if source not in self._known or source == session:
            return Rejected(0, session, DROP_COPY, RejectReason.UNKNOWN_SESSION)
        return Administered(DROP_COPY, source, session)

    def _own(self, template: int, body: bytes) -> list[Event]:
        """A frame of the sequencer's own."""
        if template == Tick.TEMPLATE_ID:
            return self.engine.tick()
        if template == OpenSession.TEMPLATE_ID:
            return self._opened(OpenSession.wrap(body))
        if template == CloseSession.TEMPLATE_ID:
            closed = CloseSession.wrap(body)
            known = self._logons.get(closed.session) == closed.session_epoch or closed.end == SessionEnd.EXPIRED
            return self._closed(closed.session, closed.end) if known else []
        opened = OpenEpoch.wrap(body)
        self._logic_version = opened.logic_version
        self.engine.follow_logic(opened.logic_version)
        return [event for session in sorted(self._logons) for event in self._closed(session, SessionEnd.DISCONNECTED)]

    def _opened(self, opened: OpenSession) -> list[Event]:
        replaces = opened.session in self._logons
        events = self.engine.session_closed(opened.session, SessionEnd.REPLACED) if replaces else []
        self._logons[opened.session] = opened.session_epoch
        self._known.add(opened.session)
        return events

    def _closed(self, session: int, end: SessionEnd) -> list[Event]:
        self._logons.pop(session, None)
        return self.engine.session_closed(session, end)

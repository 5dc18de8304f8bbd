"""Puts the fragments of long messages together, in front of a handler that wants whole ones."""

from seriatim.aeron.header import (
    BEGIN_FRAGMENT,
    END_FRAGMENT,
    UNFRAGMENTED,
    Action,
    ControlledFragmentHandler,
    FragmentHandler,
    Header,
)


class _Parts:
    """Unfinished messages by session."""

    def __init__(self) -> None:
        self._sessions: dict[int, bytearray] = {}

    def forget(self, session_id: int) -> None:
        """Drops the unfinished message of a session that has gone."""
        self._sessions.pop(session_id, None)

    def _take(self, fragment: memoryview, header: Header, flags: int) -> bytearray | None:
        """Keeps a fragment; the message when it was the last one. A message whose beginning was missed is dropped."""
        session_id = header.session_id
        if flags & BEGIN_FRAGMENT:
            self._sessions[session_id] = bytearray(fragment)
            return None
        parts = self._sessions.get(session_id)
        if parts is None:
            return None
        parts += fragment
        return self._sessions.pop(session_id) if flags & END_FRAGMENT else None


class FragmentAssembler(_Parts):
    """``subscription.poll(FragmentAssembler(handler))`` delivers whole messages. Keep it: it holds unfinished ones."""

    def __init__(self, handler: FragmentHandler) -> None:
        super().__init__()
        self._handler = handler

    def __call__(self, fragment: memoryview, header: Header) -> object:
        flags = header.flags
        if flags & UNFRAGMENTED == UNFRAGMENTED:
            return self._handler(fragment, header)
        message = self._take(fragment, header, flags)
        if message is not None:
            with memoryview(message) as view:
                self._handler(view, header)
        return None


class ControlledFragmentAssembler(_Parts):
    """The same for :meth:`Subscription.controlled_poll`. An abort delivers the message again."""

    def __init__(self, handler: ControlledFragmentHandler) -> None:
        super().__init__()
        self._handler = handler

    def __call__(self, fragment: memoryview, header: Header) -> Action | None:
        flags = header.flags
        if flags & UNFRAGMENTED == UNFRAGMENTED:
            return self._handler(fragment, header)
        message = self._take(fragment, header, flags)
        if message is None:
            return None
        with memoryview(message) as view:
            action = self._handler(view, header)
        if action == Action.ABORT:
            del message[len(message) - len(fragment) :]
            self._sessions[header.session_id] = message
        return action

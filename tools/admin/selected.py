"""What of a venue's settings `seriatim admin show` was asked for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from seriatim.engine import RiskScope
from seriatim.engine.settings import OwnerSettings
from seriatim.sequencer.settings import VenueSettings


@dataclass(frozen=True, slots=True)
class Selection:
    """Instruments, sessions and accounts by their numbers; nothing at all means everything."""

    instruments: frozenset[int] = frozenset()
    sessions: frozenset[int] = frozenset()
    accounts: frozenset[int] = frozenset()

    @property
    def everything(self) -> bool:
        """Nothing was named."""
        return not (self.instruments or self.sessions or self.accounts)

    @property
    def owners(self) -> set[tuple[RiskScope, int]]:
        """The sessions and accounts."""
        sessions = {(RiskScope.SESSION, number) for number in self.sessions}
        return sessions | {(RiskScope.ACCOUNT, number) for number in self.accounts}


def selected(settings: VenueSettings, selection: Selection) -> VenueSettings:
    """The instruments, sessions and owners that are named, and their holdings in the instruments that are named; if no
    owner is named, whoever holds one of the instruments or has orders in it.
    """
    if selection.everything:
        return settings
    engine = settings.engine
    narrowed = replace(
        engine,
        instruments=tuple(each for each in engine.instruments if each.terms.id in selection.instruments),
        owners=tuple(_narrowed(each, selection) for each in engine.owners if _is_meant(each, selection)),
    )
    sessions = tuple(each for each in settings.sessions if each.id in selection.sessions)
    return replace(settings, sessions=sessions, engine=narrowed)


def _is_meant(owner: OwnerSettings, selection: Selection) -> bool:
    if selection.owners:
        return (owner.scope, owner.id) in selection.owners
    return any(holding.instrument in selection.instruments for holding in owner.holdings)


def _narrowed(owner: OwnerSettings, selection: Selection) -> OwnerSettings:
    if not selection.instruments:
        return owner
    return replace(owner, holdings=tuple(each for each in owner.holdings if each.instrument in selection.instruments))


def unknown(settings: VenueSettings, selection: Selection) -> Iterator[str]:
    """A sentence for each that was named and is not there."""
    defined = {each.terms.id for each in settings.engine.instruments}
    opened = {each.id for each in settings.sessions}
    limited = {(each.scope, each.id) for each in settings.engine.owners}
    for number in sorted(selection.instruments - defined):
        yield f"instrument {number} is not defined"
    for scope, number in sorted(selection.owners - limited):
        if scope == RiskScope.ACCOUNT:
            yield f"nothing was ever set for account {number}"
        elif number not in opened:
            yield f"session {number} was never opened, and nothing was ever set for it"

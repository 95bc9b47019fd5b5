"""Routing: whom an alert is addressed to, and where it goes when that fails."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.desk import texts
from liudeng.desk.case import Case, CaseState
from liudeng.desk.duty import Standing, called_first, called_next
from liudeng.desk.office import Office
from liudeng.outbox import (
    Kind,
    Letter,
    PostedLetter,
    Target,
    in_words,
    letters_under,
    others_on_their_way,
    plain_text,
    text_segment,
)

REMINDER = ":last"
"""How the key of an alert's last reminder ends."""
_ROSTER_PATIENCE_MS = 60_000
"""How long an alert waits for the list of members before it goes to whoever is known."""


class Routing:
    """Addresses alerts: privately to friends, through the staff group to all others."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._roster = office.roster

    async def route(self, letter: PostedLetter) -> list[Letter] | None:
        """Address an alert: those it calls privately; the staff group for who is no friend.

        Whom a case is about is not among those told, even if they are a moderator.

        Returns:
            None while it is not known yet who the moderators are.
        """
        may_wait = self._office.now() - letter.created_ms < _ROSTER_PATIENCE_MS
        if may_wait and not self._roster.knows(letter.target_id):
            return None
        async with self._office.database.read() as connection:
            case = await self._case_of(connection, letter)
            standings = await self._office.duty.standings(connection, case)
        called = _called(standings, case)
        friends = [one for one in called if one.friend]
        if not friends and called:  # whoever was to be asked first cannot be told privately
            friends = [one for one in standings if one.friend]
        all_friends = bool(friends) and all(one.friend for one in called)
        if may_wait and not all_friends and not self._office.knows_staff:
            return None
        routed = [addressed(letter, Target.PRIVATE, one.user_id) for one in friends]
        if friends and not all_friends:
            routed.extend(self.staff_notice(letter, case))
        return routed or self._full_to_staff(letter, case)

    async def fall_back(self, letter: PostedLetter) -> list[Letter] | None:
        """Find another way for an alert that was refused: whoever is next, then the staff group.

        The group gets the member's words only when no moderator could be told privately.

        Returns:
            Empty when others have been told or are about to be; None when nobody has.
        """
        if alert_key(letter).endswith(REMINDER):
            return []  # the alert itself has been to everybody and to the staff group
        async with self._office.database.read() as connection:
            case = await self._case_of(connection, letter)
            standings = await self._office.duty.standings(connection, case)
            told = await told_of(connection, alert_key(letter))
        privately = f"{alert_key(letter)}|{Target.PRIVATE}:"
        if await others_on_their_way(self._office.database, letter, privately):
            return self.staff_notice(letter, case) if letter.target is Target.PRIVATE else []
        if letter.target is not Target.PRIVATE:
            return None
        nexts = called_next(standings, told)
        return (
            [addressed(letter, Target.PRIVATE, one.user_id) for one in nexts]
            or self._full_to_staff(letter, case)
            or None
        )

    def staff_notice(self, letter: Letter, case: Case) -> list[Letter]:
        """Return what tells the staff group of a case whose words others have; may be empty."""
        text = texts.staff_notice(case, self._roster.group_name(case.group_id))
        return self.to_staff(letter, case, text)

    def to_staff(self, letter: Letter, case: Case, text: str, suffix: str = "") -> list[Letter]:
        """Return a letter that tells the staff group something of a case; may be empty."""
        group_id = self._office.staff_group_for(case)
        if group_id is None:
            return []
        told = addressed(letter, Target.GROUP, group_id, text)
        return [told.model_copy(update={"key": told.key + suffix})]

    def _full_to_staff(self, letter: Letter, case: Case) -> list[Letter]:
        words = plain_text(in_words(letter.segments))
        return self.to_staff(letter, case, words, ":full")

    async def _case_of(self, connection: AsyncConnection, letter: PostedLetter) -> Case:
        case = await self._office.casebook.case(connection, letter.case_id or 0)
        if case is None:
            raise LookupError("an alert without a case")
        return case


def addressed(letter: Letter, target: Target, target_id: int, text: str | None = None) -> Letter:
    """Readdress an alert. One key per alert and recipient: nobody is told twice."""
    return Letter(
        key=f"{alert_key(letter)}|{target}:{target_id}",
        kind=Kind.ALERT,
        target=target,
        target_id=target_id,
        segments=letter.segments if text is None else (text_segment(text),),
        case_id=letter.case_id,
        origin_ms=letter.origin_ms,
    )


async def told_of(connection: AsyncConnection, key: str) -> set[int]:
    """Return to whom an alert was addressed privately, whatever became of it."""
    letters = await letters_under(connection, f"{key}|{Target.PRIVATE}:")
    return {letter.target_id for letter in letters}


def alert_key(letter: Letter) -> str:
    """Return the key of the alert that a letter to one recipient belongs to."""
    return letter.key.partition("|")[0]


def _called(standings: Sequence[Standing], case: Case) -> list[Standing]:
    """A case that somebody has and that alerts again concerns everybody."""
    if case.state is CaseState.CLAIMED:
        return list(standings)
    return called_first(standings, case.level)

"""The office: what every part of the desk works with, and who may see which case."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.db import Database, now_ms
from liudeng.desk.case import Case
from liudeng.desk.casebook import Casebook
from liudeng.desk.duty import Duty
from liudeng.desk.page import Page
from liudeng.desk.texts import CaseNames
from liudeng.desk.timers import Again, Timer
from liudeng.outbox import Kind, Letter, Segments, Target, post, text_segment
from liudeng.roster import Roster

NO_CASE = "没有案件 {case_id}，或者它不归你管。发「案件」看看你能处理的。"
_ROSTER_PAUSE_MS = 60_000
"""How long a timer waits until it is known who moderates its group, and waits again."""
_NOTICE_LIFETIME_MS = 24 * 3600_000


class Office:
    """Holds the casebook and the duty roster; lets a group's moderators to its cases alone."""

    def __init__(
        self,
        database: Database,
        roster: Roster,
        zone: ZoneInfo,
        staff_group: int | None,
        clock: Callable[[], int] = now_ms,
        cards: bool = False,
    ) -> None:
        self.database = database
        self._cards = cards
        self.roster = roster
        self.zone = zone
        self.staff_group = staff_group
        self.now = clock
        self.casebook = Casebook(clock)
        self.duty = Duty(roster, zone, clock)

    async def case(self, connection: AsyncConnection, case_id: int, actor: int) -> Case | None:
        """Return a case if this person may handle it; whether it exists is not told."""
        case = await self.casebook.case(connection, case_id)
        return case if case is not None and self.allows(case, actor) else None

    def allows(self, case: Case, actor: int) -> bool:
        """Tell whether this person may handle a case: never one about themselves."""
        moderates = actor in self.roster.moderators(case.group_id)
        return moderates and case.subject_id != str(actor)

    @property
    def knows_staff(self) -> bool:
        """Whether it is known who reads along in the staff group, where there is one."""
        group_id = self.staff_group
        if group_id is None or group_id not in self.roster.groups:
            return True
        return self.roster.lists(group_id)

    def staff_group_for(self, case: Case) -> int | None:
        """Return the staff group if the bot is in it and the subject is known not to be."""
        group_id = self.staff_group
        if group_id is None or group_id not in self.roster.groups or not self.knows_staff:
            return None
        subject = int(case.subject_id) if case.subject_id.isdecimal() else 0
        return None if group_id in self.roster.groups_of(subject) else group_id

    def after(self, span: timedelta) -> int:
        """Return the moment after this span of time, in milliseconds."""
        return self.now() + int(span.total_seconds() * 1000)

    def segments(self, page: Page) -> Segments:
        """Return a page as it is sent: with a picture, if this house wants and draws them."""
        return page.segments if self._cards else (text_segment(page.words),)

    def must_wait_for(self, case: Case) -> bool:
        """Whether it is not known yet who moderates the case's group, and will be."""
        group_id = case.group_id
        return not (self.roster.knows(group_id) or self.roster.has_left(group_id))

    def later(self, timer: Timer) -> Again:
        """Return a timer's answer while it must wait: the same again in a while."""
        return Again(self.now() + _ROSTER_PAUSE_MS, timer.detail)

    def names(self, case: Case) -> CaseNames:
        """Return the names of the numbers in a case."""
        return CaseNames(
            group=self.roster.group_name(case.group_id),
            claimed_by=self.name(case, case.claimed_by or 0),
        )

    def name(self, case: Case, user_id: int) -> str:
        """Return what a member of the case's group is called there."""
        return self.roster.member_name(case.group_id, user_id)

    def colleague(self, actor: int, name: str) -> int | None:
        """Return the one fellow moderator who has this number or this name."""
        name = name.strip().lstrip("@＠")
        groups = self.roster.moderated_by(actor)
        people = {(group, user) for group in groups for user in self.roster.moderators(group)}
        found = {
            user_id
            for group_id, user_id in people
            if name in (str(user_id), self.roster.member_name(group_id, user_id))
        }
        return found.pop() if len(found) == 1 else None

    async def tell(
        self,
        connection: AsyncConnection,
        user_id: int,
        key: str,
        said: str | Page,
        case_id: int | None = None,
        lifetime_ms: int = _NOTICE_LIFETIME_MS,
    ) -> bool:
        """Post a private notice to a friend; False when the bot may not write to them."""
        segments = (text_segment(said),) if isinstance(said, str) else self.segments(said)
        if not self.roster.is_friend(user_id):
            return False
        return await post(
            connection,
            Letter(
                key=key,
                kind=Kind.NOTICE,
                target=Target.PRIVATE,
                target_id=user_id,
                segments=segments,
                case_id=case_id,
                lifetime_ms=lifetime_ms,
            ),
        )

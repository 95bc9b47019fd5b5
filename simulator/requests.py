"""Pending requests to become a friend or a member."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.stage import Stage

KEPT = 100


@dataclass(frozen=True, slots=True)
class _Pending:
    user_id: int
    group_id: int | None


class Requests:
    """The newest hundred requests by flag; as with NapCat, older ones cannot be answered."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._pending: dict[str, _Pending] = {}
        self._count = 0

    def ask_friend(self, user_id: int, comment: str) -> str:
        """Somebody asks to be the bot's friend; returns the flag."""
        person = self._stage.world.newcomer(user_id)
        now = self._stage.clock.now()
        flag = self._note(f"{now}{self._count:03d}", _Pending(person.user_id, None))
        payloads = self._stage.payloads
        self._stage.tell(
            payloads.request(now, "friend", user_id=user_id, comment=comment, flag=flag)
        )
        return flag

    def ask_group(self, group_id: int, user_id: int, comment: str) -> str:
        """Somebody asks to join a group; returns the flag."""
        self._stage.world.newcomer(user_id)
        self._stage.world.group(group_id)
        now = self._stage.clock.now()
        flag = self._note(f"{group_id}|{now}{self._count:06d}", _Pending(user_id, group_id))
        self._stage.tell(
            self._stage.payloads.request(
                now,
                "group",
                sub_type="add",
                group_id=group_id,
                user_id=user_id,
                comment=comment,
                flag=flag,
            )
        )
        return flag

    def _note(self, flag: str, pending: _Pending) -> str:
        self._count += 1
        self._pending[flag] = pending
        while len(self._pending) > KEPT:
            del self._pending[next(iter(self._pending))]
        return flag

    def answer_friend(self, flag: str, *, approve: bool) -> bool:
        """Accept or turn down; False when there is no such request."""
        return self._settle(flag, False, approve, self._befriend)

    def answer_group(self, flag: str, *, approve: bool) -> bool:
        """Let in or not; False when there is no such request."""
        return self._settle(flag, True, approve, self._let_in)

    def _settle(
        self, flag: str, for_group: bool, approve: bool, do: Callable[[_Pending], None]
    ) -> bool:
        pending = self._pending.get(flag)
        if pending is None or (pending.group_id is not None) != for_group:
            return False
        if approve:
            do(pending)
        del self._pending[flag]
        return True

    def _befriend(self, pending: _Pending) -> None:
        self._stage.befriend(pending.user_id, friend=True)

    def _let_in(self, pending: _Pending) -> None:
        assert pending.group_id is not None
        person = self._stage.world.person(pending.user_id)
        bot_id = self._stage.world.bot.user_id
        self._stage.join(pending.group_id, person, operator=bot_id)

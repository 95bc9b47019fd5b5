"""Where things happen: every operation changes the world, tells the bot and tells the page."""

from collections.abc import Callable
from typing import Any

from simulator.clock import Clock
from simulator.cqcode import Segment
from simulator.delivery import Delivery
from simulator.ledger import Sent
from simulator.payloads import Payloads
from simulator.segments import text_segment
from simulator.world import RANK, ChatMessage, Group, Member, Person, Place, World, WorldError

Listener = Callable[[str, Any], None]


class Stage:
    """The operations people (and the bot, through actions) can perform. Errors are WorldError.

    ``on_happening`` is told ("message", ChatMessage), ("recall", ChatMessage) or ("notice", text).
    """

    def __init__(
        self,
        world: World,
        clock: Clock,
        payloads: Payloads,
        delivery: Delivery,
        *,
        report_self: bool = False,
    ) -> None:
        self.world = world
        self.clock = clock
        self.payloads = payloads
        self._delivery = delivery
        self._report_self = report_self
        self.on_happening: Listener = lambda kind, what: None
        self.on_sent: Callable[[Sent], None] = lambda sent: None

    def say(
        self,
        who: str | int,
        segments: list[Segment],
        *,
        group_id: int | None = None,
        at: int | None = None,
        expect: str | None = None,
    ) -> ChatMessage:
        """A person speaks in a group, or (``group_id`` None) to the bot in private.

        ``at`` is the Unix time the message carries, the clock's if left out.
        """
        person = self.world.person(who)
        if person is self.world.bot:
            raise WorldError("机器人自己的话只能由机器人说")
        now = self.clock.now() if at is None else at
        if group_id is None:
            place = self._private_place(person)
        else:
            self._check_may_speak(group_id, person, now)
            place = Place(group_id=group_id)
        message = self.world.add_message(place, person, segments, now)
        message.expect = expect
        if group_id is None or self._bot_is_in(group_id):
            self._delivery.message(message)
        self.on_happening("message", message)
        return message

    def _bot_is_in(self, group_id: int) -> bool:
        return self.world.bot.user_id in self.world.group(group_id).members

    def say_text(self, who: str | int, text: str, group_id: int | None = None) -> ChatMessage:
        """A person says plain text."""
        return self.say(who, [text_segment(text)], group_id=group_id)

    def _private_place(self, person: Person) -> Place:
        if person.friend:
            return Place(peer=person.user_id)
        shared = self.world.groups_with(person.user_id)
        if not shared:
            raise WorldError(f"{person.nickname} 不是好友，也不在同一个群，发不了私聊")
        return Place(peer=person.user_id, temp_group=shared[0].group_id)

    def _check_may_speak(self, group_id: int, person: Person, now: int) -> None:
        member = self.world.member(group_id, person.user_id)
        if member.muted_until > now:
            raise WorldError(f"{member.shown_name} 被禁言中")
        if self.world.group(group_id).muted_all and member.role == "member":
            raise WorldError("全员禁言中")

    def bot_says(self, place: Place, segments: list[Segment]) -> ChatMessage:
        """The bot speaks; whether it may is for the action to decide (mutes are checked here)."""
        now = self.clock.now()
        if place.group_id is not None:
            self._check_may_speak(place.group_id, self.world.bot, now)
        message = self.world.add_message(place, self.world.bot, segments, now)
        if self._report_self:
            self._delivery.message(message)
        self.on_happening("message", message)
        return message

    def recall(self, message_id: int, operator: str | int | None = None) -> ChatMessage:
        """Take a message back; without ``operator`` its sender does it."""
        message = self.world.message(message_id)
        by = message.user_id if operator is None else self.world.person(operator).user_id
        if message.recalled:
            raise WorldError("消息已经撤回")
        self._check_may_recall(message, by)
        message.recalled = True
        if message.group_id is None:
            self.notice("friend_recall", user_id=message.peer, message_id=message.message_id)
        else:
            self.world.group(message.group_id).essence.pop(message.message_id, None)
            self.notice(
                "group_recall",
                group_id=message.group_id,
                user_id=message.user_id,
                operator_id=by,
                message_id=message.message_id,
            )
        self.on_happening("recall", message)
        return message

    def _check_may_recall(self, message: ChatMessage, by: int) -> None:
        if message.group_id is None:
            if by != message.user_id:
                raise WorldError("只能撤回自己的私聊消息")
            return
        operator = self.world.member(message.group_id, by)
        if by == message.user_id:
            return
        author = self.world.group(message.group_id).members.get(message.user_id)
        if RANK[operator.role] <= RANK[author.role if author else "member"]:
            raise WorldError("没有权限撤回这条消息")

    def join(self, group_id: int, person: Person, operator: int = 0) -> None:
        """A person enters a group; ``operator`` let them in (0: QQ does not say who)."""
        group = self.world.group(group_id)
        if person.user_id in group.members:
            raise WorldError(f"{person.nickname} 已经在群里")
        self.world.seat(group, person).join_time = self.clock.now()
        self.notice(
            "group_increase",
            group_id=group_id,
            user_id=person.user_id,
            operator_id=operator,
            sub_type="approve",
        )
        self._note(f"{person.nickname} 加入了 {group.name}")

    def leave(self, group_id: int, who: str | int) -> None:
        """A member goes."""
        member = self._remove(group_id, self.world.person(who).user_id)
        user_id = member.person.user_id
        self.notice(
            "group_decrease",
            sub_type="leave",
            group_id=group_id,
            operator_id=user_id,
            user_id=user_id,
        )
        self._note(f"{member.shown_name} 退出了群聊")

    def kick(self, group_id: int, who: str | int, by: str | int) -> None:
        """A member is removed by somebody of higher rank."""
        user_id = self.world.person(who).user_id
        operator = self.outranking(group_id, by, user_id)
        member = self._remove(group_id, user_id)
        self.notice(
            "group_decrease",
            sub_type="kick_me" if user_id == self.world.bot.user_id else "kick",
            group_id=group_id,
            operator_id=operator.person.user_id,
            user_id=user_id,
        )
        self._note(f"{member.shown_name} 被移出了群聊")

    def _remove(self, group_id: int, user_id: int) -> Member:
        self.world.member(group_id, user_id)
        return self.world.group(group_id).members.pop(user_id)

    def ban(self, group_id: int, who: str | int, by: str | int, duration: int) -> None:
        """A member may not speak for ``duration`` seconds; 0 lifts the mute."""
        user_id = self.world.person(who).user_id
        operator = self.outranking(group_id, by, user_id)
        member = self.world.member(group_id, user_id)
        member.muted_until = self.clock.now() + duration if duration > 0 else 0
        self.notice(
            "group_ban",
            sub_type="ban" if duration > 0 else "lift_ban",
            group_id=group_id,
            operator_id=operator.person.user_id,
            user_id=user_id,
            duration=duration,
        )
        self._note(f"{member.shown_name} 被禁言 {duration} 秒" if duration > 0 else "解除了禁言")

    def ban_all(self, group_id: int, by: str | int, *, enable: bool) -> None:
        """Only admins may speak, or everybody again."""
        operator = self._manager(group_id, by)
        self.world.group(group_id).muted_all = enable
        self.notice(
            "group_ban",
            sub_type="ban" if enable else "lift_ban",
            group_id=group_id,
            operator_id=operator.person.user_id,
            user_id=0,
            duration=-1 if enable else 0,
        )
        self._note("开启了全员禁言" if enable else "关闭了全员禁言")

    def set_admin(self, group_id: int, who: str | int, *, enable: bool) -> None:
        """A member becomes an admin, or stops being one."""
        member = self.world.member(group_id, self.world.person(who).user_id)
        if member.role == "owner":
            raise WorldError("群主不能改任管理员")
        member.role = "admin" if enable else "member"
        self.notice(
            "group_admin",
            sub_type="set" if enable else "unset",
            group_id=group_id,
            user_id=member.person.user_id,
        )
        self._note(f"{member.shown_name} {'成为了' if enable else '不再是'}管理员")

    def poke(self, who: str | int, target: str | int, group_id: int | None) -> None:
        """Somebody nudges somebody; ``group_id`` None means in private."""
        poker, poked = self.world.person(who), self.world.person(target)
        self.notice(
            "notify",
            sub_type="poke",
            target_id=poked.user_id,
            user_id=poker.user_id,
            group_id=group_id or 0,
        )
        self._note(f"{poker.nickname} 拍了拍 {poked.nickname}")

    def befriend(self, who: str | int, *, friend: bool) -> None:
        """Somebody befriends the bot (the bot is told) or ends it (as on QQ, it is not told)."""
        person = self.world.person(who)
        if friend and not person.friend:
            self.notice("friend_add", user_id=person.user_id)
            self._note(f"{person.nickname} 成为了机器人的好友")
        person.friend = friend

    def outranking(self, group_id: int, by: str | int, user_id: int) -> Member:
        """The operator, who must stand above the other member."""
        operator = self._manager(group_id, by)
        if RANK[operator.role] <= RANK[self.world.member(group_id, user_id).role]:
            raise WorldError("没有权限：对方的身份不低于操作者")
        return operator

    def _manager(self, group_id: int, by: str | int) -> Member:
        operator = self.world.member(group_id, self.world.person(by).user_id)
        if operator.role == "member":
            raise WorldError("没有权限：不是管理员")
        return operator

    def tell(self, payload: dict[str, Any]) -> None:
        """Deliver an event that changes nothing by itself, such as a request."""
        self._delivery.event(payload)

    def notice(self, notice_type: str, **fields: Any) -> None:
        """Deliver a notice; changes nothing by itself."""
        self._delivery.event(self.payloads.notice(self.clock.now(), notice_type, **fields))

    def _note(self, text: str) -> None:
        self.on_happening("notice", text)

    def group_or_first(self, group_id: int | None) -> Group:
        """The named group, or the first one."""
        if group_id is not None:
            return self.world.group(group_id)
        return next(iter(self.world.groups.values()))

"""The simulated platform's memory: people, groups, friendships and every message ever said."""

import hashlib
from dataclasses import dataclass, field
from random import Random

from simulator.config import GroupSpec, PersonSpec, Role
from simulator.cqcode import Segment
from simulator.names import nicknames

RANK: dict[str, int] = {"owner": 2, "admin": 1, "member": 0}
BOT_KEY = "bot"


class WorldError(Exception):
    """The platform refuses: no such person, not allowed, muted … (the text is for people)."""


@dataclass(slots=True)
class Person:
    """An account; ``key`` is the scenario's name for it, "" for generated people."""

    user_id: int
    nickname: str
    key: str = ""
    friend: bool = False


@dataclass(slots=True)
class Member:
    """A person's place in one group. Times are Unix seconds."""

    person: Person
    card: str
    role: Role
    join_time: int
    last_sent_time: int = 0
    muted_until: int = 0

    @property
    def shown_name(self) -> str:
        """The group card, or the nickname where there is none."""
        return self.card or self.person.nickname


@dataclass(slots=True)
class ChatMessage:
    """A message as it was said; ``name``, ``card`` and ``role`` are those of that moment.

    ``group_id`` is None in a private chat, where ``peer`` is the partner of the bot and
    ``temp_group`` the group a temporary session goes through. ``sent_at`` is wall time in ms.
    """

    index: int
    message_id: int
    seq: int
    group_id: int | None
    peer: int | None
    temp_group: int | None
    user_id: int
    nickname: str
    card: str
    role: Role
    time: int
    segments: list[Segment]
    is_self: bool
    expect: str | None = None
    recalled: bool = False
    sent_at: int | None = None


@dataclass(slots=True)
class Chat:
    """The messages of one group or one private chat, in order, and the sequence counter."""

    name: str
    seq: int
    messages: list[ChatMessage] = field(default_factory=list)


@dataclass(slots=True)
class Essence:
    """A message pinned as essence."""

    message: ChatMessage
    operator_id: int
    time: int


@dataclass(slots=True)
class Group:
    """A group with its members by account number."""

    group_id: int
    name: str
    chat: Chat
    members: dict[int, Member] = field(default_factory=dict)
    muted_all: bool = False
    essence: dict[int, Essence] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: a group, or the private chat with ``peer``."""

    group_id: int | None = None
    peer: int | None = None
    temp_group: int | None = None


def short_id(chat: str, seq: int, salt: str = "") -> int:
    """NapCat's way: 31 bits of a hash, so that the same message gets the same id again."""
    digest = hashlib.md5(f"{chat}:{seq}{salt}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:4], "big") & 0x7FFFFFFF


class World:
    """Holds and answers; says nothing to anybody. Errors are WorldError."""

    def __init__(self, self_id: int, nickname: str, seed: int, now: int) -> None:
        self.bot = Person(self_id, nickname, BOT_KEY)
        self.people: dict[int, Person] = {self_id: self.bot}
        self.groups: dict[int, Group] = {}
        self.messages: list[ChatMessage] = []
        self._now = now
        self._seed = seed
        self._by_key: dict[str, Person] = {BOT_KEY: self.bot}
        self._by_id: dict[int, ChatMessage] = {}
        self._private: dict[int, Chat] = {}

    def populate(self, groups: tuple[GroupSpec, ...], people: tuple[PersonSpec, ...]) -> None:
        """Found the groups, seat the named people and fill up with quiet members."""
        for spec in groups:
            chat = Chat(f"g{spec.group_id}", 1000 + short_id("first", spec.group_id) % 300_000)
            group = self.groups[spec.group_id] = Group(spec.group_id, spec.name, chat)
            self.seat(group, self.bot, role=spec.bot_role)
        for spec in people:
            person = Person(spec.user_id, spec.nickname, spec.id, spec.friend)
            self.people[spec.user_id] = self._by_key[spec.id] = person
            for group_id in groups_of(spec, groups):
                self.seat(self.group(group_id), person, card=spec.card, role=spec.role)
        for spec in groups:
            self._fill(self.groups[spec.group_id], spec.members)

    def _fill(self, group: Group, size: int) -> None:
        random = Random(f"{self._seed}:{group.group_id}")
        names = nicknames(random)
        while len(group.members) < size:
            user_id = random.randint(100_000_000, 3_600_000_000)
            if user_id not in self.people:
                person = self.people[user_id] = Person(user_id, next(names))
                card = next(names) if random.random() < 0.3 else ""
                member = self.seat(group, person, card=card)
                member.join_time -= random.randint(3600, 300 * 86400)

    def seat(
        self, group: Group, person: Person, *, card: str = "", role: Role = "member"
    ) -> Member:
        """Make a person a member of a group."""
        member = Member(person, card, role, self._now - 30 * 86400)
        group.members[person.user_id] = member
        return member

    def person(self, who: str | int) -> Person:
        """Look a person up by scenario name or account number."""
        found = self._by_key.get(who) if isinstance(who, str) else self.people.get(who)
        if found is None and isinstance(who, str) and who.isdigit():
            found = self.people.get(int(who))
        if found is None:
            raise WorldError(f"没有这个人：{who}")
        return found

    def newcomer(self, user_id: int, nickname: str = "") -> Person:
        """The account with this number, made up when nobody has it yet."""
        name = nickname or next(nicknames(Random(f"{self._seed}:{user_id}")))
        return self.people.setdefault(user_id, Person(user_id, name))

    def group(self, group_id: int) -> Group:
        """Look a group up."""
        try:
            return self.groups[group_id]
        except KeyError:
            raise WorldError(f"没有这个群：{group_id}") from None

    def member(self, group_id: int, user_id: int) -> Member:
        """Look a group's member up."""
        try:
            return self.group(group_id).members[user_id]
        except KeyError:
            raise WorldError(f"群({group_id})成员{user_id}不存在") from None

    def groups_with(self, user_id: int) -> list[Group]:
        """The groups an account is in."""
        return [group for group in self.groups.values() if user_id in group.members]

    def named_people(self) -> list[Person]:
        """People the scenario names, without the bot."""
        return [p for p in self._by_key.values() if p is not self.bot]

    def private_chat(self, peer: int) -> Chat:
        """The private chat between the bot and ``peer``."""
        return self._private.setdefault(peer, Chat(f"p{peer}", short_id("first", peer) % 900))

    def chat_of(self, place: Place) -> Chat:
        """The chat at a place."""
        if place.group_id is not None:
            return self.group(place.group_id).chat
        if place.peer is None:
            raise WorldError("请指定群号或 QQ 号")
        return self.private_chat(place.peer)

    def add_message(
        self, place: Place, sender: Person, segments: list[Segment], time: int
    ) -> ChatMessage:
        """Append a message to a chat."""
        chat = self.chat_of(place)
        member = None
        if place.group_id is not None:
            member = self.member(place.group_id, sender.user_id)
            member.last_sent_time = time
        chat.seq += 1
        message = ChatMessage(
            index=len(self.messages),
            message_id=short_id(chat.name, chat.seq),
            seq=chat.seq,
            group_id=place.group_id,
            peer=place.peer,
            temp_group=place.temp_group,
            user_id=sender.user_id,
            nickname=sender.nickname,
            card=member.card if member else "",
            role=member.role if member else "member",
            time=time,
            segments=segments,
            is_self=sender is self.bot,
        )
        self.messages.append(message)
        chat.messages.append(message)
        self._by_id[message.message_id] = message
        return message

    def message(self, message_id: int) -> ChatMessage:
        """Look a message up by either of its ids."""
        try:
            return self._by_id[message_id]
        except KeyError:
            raise WorldError(f"消息{message_id}不存在") from None

    def other_id(self, message: ChatMessage) -> int:
        """A second id for the same message, as an implementation gives out after a mishap."""
        chat = self.chat_of(Place(message.group_id, message.peer))
        other = short_id(chat.name, message.seq, "'")
        self._by_id.setdefault(other, message)
        return other


def groups_of(spec: PersonSpec, groups: tuple[GroupSpec, ...]) -> tuple[int, ...]:
    """The groups a named person belongs to."""
    return (groups[0].group_id,) if spec.groups is None else spec.groups

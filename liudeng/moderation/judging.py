"""From messages to findings: what rules are shown of a message, and which of them may speak."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from liudeng.archive import StoredMessage
from liudeng.moderation.assessment import Assessment, Assessor
from liudeng.moderation.groups import Arming, GroupChoice
from liudeng.moderation.memory import Memory
from liudeng.moderation.model import Label
from liudeng.moderation.model.features import concepts_of, shape_of
from liudeng.moderation.rules import Engine, Finding, Heard, RuleSet
from liudeng.resources.lookalike import Judgement, judge

_HOST = re.compile(
    # It begins where no host goes on: from every dot of a.a.a.a it would be looked for anew.
    r"(?<![a-z0-9-])(?<![a-z0-9-]\.)"
    r"(?:https?://)?((?:[a-z0-9-]{1,63}\.)+(?:[a-z]{2,12}))(?=[/:?#\s,，。！）)]|$)",
    re.IGNORECASE,
)
_FILE_KIND = re.compile(r"\.([a-z0-9]{1,12})$", re.IGNORECASE)
_WARNS = "识破"
_MOST_CHARS = 4_000
_MOST_HOSTS = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """A message with the rules that speak of it: in earnest, and only to see what they would do."""

    message: StoredMessage
    armed: tuple[Finding, ...]
    dry: tuple[Finding, ...]

    def without(self, left_out: Callable[[Finding], bool]) -> "Verdict":
        """The same but for some of its rules."""
        armed, dry = (
            tuple(one for one in found if not left_out(one)) for found in (self.armed, self.dry)
        )
        return Verdict(self.message, armed, dry)


@dataclass(frozen=True, slots=True)
class Picture:
    """What a kept picture shows."""

    words: str = ""
    codes: tuple[str, ...] = ()
    """What its QR codes say."""
    looks: tuple[str, ...] = ()
    """Its perceptual hash, if it has one."""


class Judge:
    """Judges messages by each group's own choice of rules. Its memory is one thread's."""

    def __init__(self, assessor: Assessor, sets: Sequence[RuleSet]) -> None:
        self._assessor = assessor
        self._sets = {one.name: one for one in sets}
        self._memory = Memory()
        self._engines: dict[int, tuple[GroupChoice, Engine]] = {}

    @property
    def sets(self) -> Mapping[str, RuleSet]:
        """The sets that can be chosen, by name."""
        return self._sets

    def judge(
        self,
        messages: Sequence[StoredMessage],
        choices: Mapping[int, GroupChoice],
        joined_ms: Mapping[tuple[int, int], int],
    ) -> list[Verdict]:
        """Judge messages of groups that have chosen rules."""
        chosen = [one for one in messages if _has_chosen(choices.get(one.group_id))]
        found: list[Verdict] = []
        assessed = self._assessor.assess_many([words_of(one) for one in chosen])
        for message, assessment in zip(chosen, assessed, strict=True):
            choice = choices[message.group_id]
            heard = self.hear(message, assessment, joined_ms)
            verdict = self._conclude(message, heard, choice)
            if verdict is not None:
                found.append(verdict)
        return found

    def judge_picture(
        self,
        message: StoredMessage,
        picture: Picture,
        choice: GroupChoice,
        joined_ms: Mapping[tuple[int, int], int],
    ) -> Verdict | None:
        """Judge a message by a picture it carries, together with what was typed."""
        text = "\n".join(filter(None, (message.spoken.strip(), picture.words)))[:_MOST_CHARS]
        assessment = self._assessor.assess(text)
        assert assessment.seen is not None
        hosts = hosts_in("\n".join((text, *picture.codes))[:_MOST_CHARS])
        heard = Heard(
            plain=assessment.seen.message.plain.text,
            scores=assessment.scores,
            hosts=hosts,
            lookalikes=lookalikes_of(hosts),
            in_group_s=_in_group_s(message, joined_ms),
            member=int(message.user_id) if message.user_id.isdecimal() else 0,
            seen=True,
            codes=picture.codes,
            looks=picture.looks,
            warns=warns(assessment),
        )
        return self._conclude(message, heard, choice)

    def hear(
        self,
        message: StoredMessage,
        assessment: Assessment,
        joined_ms: Mapping[tuple[int, int], int],
    ) -> Heard:
        """Gather what rules are shown of a message; the member's last minutes now hold it."""
        assert assessment.seen is not None
        plain = assessment.seen.message.plain.text
        user_id = int(message.user_id) if message.user_id.isdecimal() else 0
        recently = self._memory.add(message.group_id, user_id, message.time_ms, plain)
        kinds = [segment["type"] for segment in message.segments]
        shape = shape_of(assessment.seen)
        hosts = hosts_in(message.text[:_MOST_CHARS])
        return Heard(
            plain=plain,
            scores=assessment.scores,
            hosts=hosts,
            lookalikes=lookalikes_of(hosts),
            mentions=kinds.count("at"),
            repeats=shape.get("shape:repeats", 0.0),
            same=recently.same,
            recent_s=recently.ago_s,
            in_group_s=_in_group_s(message, joined_ms),
            member=user_id,
            forward="forward" in kinds,
            files=_file_kinds(message),
            warns=warns(assessment),
        )

    def _conclude(
        self, message: StoredMessage, heard: Heard, choice: GroupChoice
    ) -> Verdict | None:
        findings = self._engine(choice).judge(heard)
        if choice.in_memorial(message.time_ms):
            findings = [one for one in findings if not one.rule.flood]
        armed = [one for one in findings if choice.armings.get(one.set_name) is Arming.ARMED]
        dry = [one for one in findings if choice.armings.get(one.set_name) is Arming.DRY]
        if choice.stopped:
            armed, dry = [], [*armed, *dry]
        return Verdict(message, tuple(armed), tuple(dry)) if findings else None

    def _engine(self, choice: GroupChoice) -> Engine:
        known = self._engines.get(choice.group_id)
        if known is not None and known[0] == choice:
            return known[1]
        sets = [self._sets[name] for name in choice.armings if name in self._sets]
        engine = Engine([*sets, *(one for one in choice.own if one.name in choice.armings)])
        self._engines[choice.group_id] = (choice, engine)
        return engine


def _in_group_s(message: StoredMessage, joined_ms: Mapping[tuple[int, int], int]) -> float | None:
    """How long the author has been in the group, where it is known."""
    user_id = int(message.user_id) if message.user_id.isdecimal() else 0
    joined = joined_ms.get((message.group_id, user_id))
    return None if joined is None else max(0.0, (message.time_ms - joined) / 1000)


def words_of(message: StoredMessage) -> str:
    """What is judged: the author's typed words; of a card or a file what it shows."""
    return (message.spoken.strip() or message.text)[:_MOST_CHARS]


def hosts_in(text: str) -> tuple[str, ...]:
    """The hosts of the addresses in a text, in order, each once."""
    return tuple(dict.fromkeys(match[1].casefold() for match in _HOST.finditer(text)))


def lookalikes_of(hosts: Sequence[str]) -> tuple[str, ...]:
    """Those of the hosts that pose as somebody they are not."""
    judged = ((host, judge(host).judgement) for host in hosts[:_MOST_HOSTS])
    return tuple(host for host, found in judged if found is Judgement.LOOKALIKE)


def warns(assessment: Assessment) -> bool:
    """Whether a message warns of what it quotes: it names the swindle and is none itself."""
    if assessment.seen is None or assessment.label is Label.SCAM:
        return False
    return _WARNS in concepts_of(assessment.seen)


def _file_kinds(message: StoredMessage) -> tuple[str, ...]:
    names = (
        str(segment["data"].get("name") or segment["data"].get("file") or "")
        for segment in message.segments
        if segment["type"] == "file"
    )
    return tuple(match[1].lower() for name in names if (match := _FILE_KIND.search(name)))


def _has_chosen(choice: GroupChoice | None) -> bool:
    return choice is not None and bool(choice.armings)

"""What surrounds a sign decides what it means: negation, jokes, quotation, someone else's words.

The words of each context stand in `data/lexicon/context/`; this module only knows the few ways in
which a context can reach a sign (its scope), the quotation marks, and whose state is spoken of.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from liudeng.watch.lexicon import Match, Reach, RuleClass
from liudeng.watch.quoted import QUOTED_FACTOR, Quote, quotes_in

THIRD_PERSON = "third_person"
_OTHERS = frozenset({THIRD_PERSON, "other_topic", "other_alarmed"})
"""Classes of contexts that say: this is somebody else's state."""
_OWN_STATE = re.compile(
    r"(?<![跟和对给向找同让叫问陪劝骂打怪])(?:我|俺)"
    r"(?!们|家|的|[爸妈爹娘爷奶公婆哥姐弟妹儿女老舅姨叔婶侄]|外[公婆甥孙]|表|堂|朋友|室友|舍友|同[学桌事]|闺蜜|发小|对[象门]|前[任男女]"
    r"|学生|徒弟|邻居|战友|好友|男友|女友|男朋友|女朋友|该|要不要|劝|怕|好怕|担心|吓|在(?:赶|去|家|她|他)|打(?:了|电话|过去|给)|问|报警|不敢|手|越想|现在(?:去|送|在去))"
)
"""The writer speaks of what they feel or will do themselves."""
_OPENING = 16
"""By then a message has said whom it is about."""
SPEAKER_CHARS = 6
"""How far before an opening quotation mark its speaker may stand."""

_CLAUSE_END = re.compile(r"[\n,.。!?;:]")
_SENTENCE_END = re.compile(r"[\n。!?;]")
OBJECT_CHARS = 3
"""How far before a person's name the preposition may stand that makes them an object."""
_OBJECT_MARKS = frozenset("给跟对怕替为把被陪向找问像等")
_SELF = re.compile(r"(?<![跟和对给向找同])我|俺|本人|姐要|爷要|老子")
"""The writer as the one who acts: in 她跟我说想死 the writer is only told."""


@dataclass(slots=True)
class Judged:
    """A sign with what is left of its weight, why, and whether it speaks of someone else."""

    match: Match
    factor: float = 1.0
    other: bool = False
    against: list[Match | tuple[RuleClass, int, int]] = field(default_factory=list)

    @property
    def weight(self) -> float:
        """The sign's weight after its contexts."""
        return self.match.rule.weight * self.factor


def judge(text: str, matches: Sequence[Match]) -> list[Judged]:
    """Separate signs from contexts and let every context act on the signs it reaches."""
    signs = [
        Judged(match)
        for match in matches
        if match.rule.reach is None
        and not (match.rule.cls.kind == "worry" and _is_object(text, match.start))
    ]
    if not signs:
        return signs
    contexts = [match for match in matches if match.rule.reach is not None]
    if not any(sign.match.rule.cls.kind == "worry" for sign in signs):
        contexts = [one for one in contexts if one.rule.reach and one.rule.reach.scope != "alarmed"]
    quotes = quotes_in(text)
    for sign in signs:
        _apply_contexts(text, sign, contexts)
        _apply_quotes(sign, quotes, contexts)
    return signs


def _apply_contexts(text: str, sign: Judged, contexts: Sequence[Match]) -> None:
    strongest: dict[str, float] = {}
    for context in contexts:
        reach = context.rule.reach
        if reach is None or not _is_target(reach, sign.match):
            continue
        if not _SCOPES[reach.scope](text, sign.match, context, reach.window):
            continue
        name = context.rule.cls.name
        if name in _OTHERS:
            sign.other = True
        sign.against.append(context)
        strongest[name] = min(strongest.get(name, 1.0), reach.factor)
    for factor in strongest.values():
        sign.factor *= factor


def speaks_of_other(text: str, matches: Sequence[Match]) -> bool:
    """Whether a message is about somebody else and its writer tells nothing of themselves."""
    return not _OWN_STATE.search(text) and any(
        match.rule.cls.name in _OTHERS
        and match.start <= _OPENING
        and not _is_object(text, match.start)
        for match in matches
    )


def _is_target(reach: Reach, sign: Match) -> bool:
    cls = sign.rule.cls
    return cls.kind in reach.targets or cls.name in reach.targets


def _apply_quotes(sign: Judged, quotes: Sequence[Quote], contexts: Sequence[Match]) -> None:
    for quote in quotes:
        if not (quote.start < sign.match.start and sign.match.end <= quote.end):
            continue
        if _has_speaker(sign, quote.start, contexts):
            sign.other = True
        else:
            sign.factor *= QUOTED_FACTOR
        sign.against.append((quote.cls, quote.start, quote.end))
        return


def _has_speaker(sign: Judged, quote: int, contexts: Sequence[Match]) -> bool:
    """Somebody else is named right before the quotation marks: these are their words."""
    for context in contexts:
        reach = context.rule.reach
        if context.rule.cls.name != THIRD_PERSON or reach is None:
            continue
        if 0 <= quote - context.end <= SPEAKER_CHARS and _is_target(reach, sign.match):
            return True
    return False


def _covers(_text: str, sign: Match, context: Match, _window: int) -> bool:
    return context.start < sign.end and sign.start < context.end


def _stands_before(text: str, sign: Match, context: Match, window: int) -> bool:
    gap = text[context.end : sign.start]
    return context.end <= sign.start and len(gap) <= window and not _CLAUSE_END.search(gap)


def _stands_after(text: str, sign: Match, context: Match, window: int) -> bool:
    gap = text[sign.end : context.start]
    return sign.end <= context.start and len(gap) <= window and not _SENTENCE_END.search(gap)


def _stands_around(_text: str, sign: Match, context: Match, window: int) -> bool:
    return context.start - sign.end <= window and sign.start - context.end <= window


def _in_same_clause(text: str, sign: Match, context: Match, _window: int) -> bool:
    first, second = sorted((sign, context), key=lambda match: match.start)
    return not _CLAUSE_END.search(text[first.end : second.start])


def _anywhere(_text: str, _sign: Match, _context: Match, _window: int) -> bool:
    return True


def _is_subject(text: str, sign: Match, context: Match, window: int) -> bool:
    """The nearest person named before the sign, with no "I" in between, is somebody else."""
    if context.end > sign.end or sign.start - context.end > window:
        return False
    if _is_object(text, context.start):
        return False
    between = text[context.end : sign.start]
    own = text[max(context.end, sign.start) : sign.end]
    return not (_SENTENCE_END.search(between) or _SELF.search(between) or _SELF.search(own))


def _is_topic(text: str, sign: Match, context: Match, window: int) -> bool:
    """Somebody named before the sign is still spoken of: the writer said nothing of themselves."""
    if context.end > sign.end or sign.start - context.end > window:
        return False
    if _is_object(text, context.start):
        return False
    return not _OWN_STATE.search(text[context.start : sign.end])


def _is_object(text: str, start: int) -> bool:
    """Whether what starts here is done something to: in 给我妈留了信 the mother does not act."""
    before = _CLAUSE_END.split(text[max(0, start - OBJECT_CHARS) : start])[-1]
    return not _OBJECT_MARKS.isdisjoint(before)


_SCOPES: dict[str, Callable[[str, Match, Match, int], bool]] = {
    "cover": _covers,
    "before": _stands_before,
    "after": _stands_after,
    "around": _stands_around,
    "clause": _in_same_clause,
    "message": _anywhere,
    "subject": _is_subject,
    "topic": _is_topic,
    "alarmed": _is_topic,
}

"""What the search benchmarks write and ask: a made-up year of talk, and queries by class."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import accumulate, islice, pairwise

from benchmarks.load import GROUP, START
from liudeng.archive import Message, Segment, Source
from liudeng.settings import DATA_ROOT

GROUPS = tuple(range(GROUP, GROUP + 20))
_MEMBERS = 800
_SAMPLE = 30_000
_EVERY_S = 20
_ZONE = timezone(timedelta(hours=8))
_FIRST_DAY = datetime.fromtimestamp(START, UTC).astimezone(_ZONE).date()
_PICTURE: Segment = {"type": "image", "data": {"file": "A1.png", "sub_type": 0}}
# Shares of the messages that hold a word of each kind.
_RARE, _MEDIUM, _FREQUENT = (1e-4, 3e-4), (1e-3, 3e-3), (7e-3, 1.5e-2)


@dataclass(frozen=True)
class Ask:
    """A search, to be put to any engine; always in the largest group."""

    words: tuple[str, ...]
    sender: int | None = None
    day: date | None = None
    image: bool = False
    by_relevance: bool = False

    @property
    def typed(self) -> str:
        """The search as a member types it."""
        parts = [f'"{word}"' for word in self.words]
        parts += [f"from:{self.sender}"] if self.sender else []
        parts += [f"日期:{self.day}"] if self.day else []
        parts += ["有:图"] if self.image else []
        return " ".join([*parts, "排序:相关"] if self.by_relevance else parts)

    @property
    def span_ms(self) -> tuple[int, int] | None:
        """The day in UTC milliseconds, half-open."""
        if self.day is None:
            return None
        began = datetime(self.day.year, self.day.month, self.day.day, tzinfo=_ZONE)
        start = int(began.timestamp() * 1000)
        return start, start + 86_400_000


def sentences(seed: int) -> Iterator[str]:
    """Yield messages: pieces of the demo's evening, shuffled, with numbers strewn in."""
    rng = random.Random(seed)
    pieces = _pieces()
    while True:
        text = "".join(rng.choices(pieces, k=rng.choice((1, 1, 1, 2, 2, 3, 5))))
        yield f"{text}{rng.randrange(100_000)}" if rng.random() < 0.2 else text


def messages(count: int) -> Iterator[Message]:
    """Yield messages: a few people and groups say most, three in a hundred carry a picture."""
    rng, texts = random.Random(5), sentences(seed=7)
    shares = list(accumulate(1 / (place + 1.5) for place in range(len(GROUPS))))
    talkative = list(accumulate(1 / (place + 3) for place in range(_MEMBERS)))
    for number in range(count):
        (member,) = rng.choices(range(_MEMBERS), cum_weights=talkative)
        (group_id,) = rng.choices(GROUPS, cum_weights=shares)
        text = next(texts)
        quoted = str(number - rng.randrange(1, 40)) if rng.random() < 0.1 else None
        segments: list[Segment] = [{"type": "text", "data": {"text": text}}]
        if quoted:
            segments.insert(0, {"type": "reply", "data": {"id": quoted}})
        if rng.random() < 0.03:
            segments.append(_PICTURE)
        yield Message(
            self_id=10_001,
            group_id=group_id,
            message_id=str(number),
            platform_seq=number + 1,
            time_ms=(START + number * _EVERY_S) * 1000,
            received_ms=(START + number * _EVERY_S) * 1000,
            user_id=str(_number_of(member)),
            name=f"群友{member}",
            text=text,
            segments=tuple(segments),
            reply_to=quoted,
            source=Source.IMPORT,
        )


def some_queries(per_class: int, seed: int = 3) -> dict[str, list[Ask]]:
    """Return queries of each class, newest first, then those with words by relevance."""
    rng = random.Random(seed)
    sample = list(islice(sentences(seed=7), _SAMPLE))
    shares = _shares_of_pairs(sample)
    long = [text for text in sample if len(text) >= 8]

    def word(between: tuple[float, float]) -> str:
        low, high = between
        return rng.choice([pair for pair, share in shares.items() if low <= share <= high])

    def phrase() -> str:
        text, length = rng.choice(long), rng.randint(4, 6)
        start = rng.randrange(len(text) - length + 1)
        return text[start : start + length].replace('"', "，")

    classes: dict[str, Callable[[], Ask]] = {
        "rare word": lambda: Ask((word(_RARE),)),
        "medium word": lambda: Ask((word(_MEDIUM),)),
        "1 % frequent": lambda: Ask((word(_FREQUENT),)),
        "one character": lambda: Ask((rng.choice("我的晚安它一不是在人"),)),
        "two words": lambda: Ask((word(_FREQUENT), word(_FREQUENT))),
        "phrase of 4-6": lambda: Ask((phrase(),)),
        "sender": lambda: Ask((word(_FREQUENT),), sender=_number_of(rng.randrange(40))),
        "one day": lambda: Ask((word(_FREQUENT),), day=_FIRST_DAY + timedelta(days=1)),
        "has:image": lambda: Ask((word(_FREQUENT),), image=True),
    }
    newest = {name: [make() for _ in range(per_class)] for name, make in classes.items()}
    relevant = {
        f"{name}, by relevance": [replace(ask, by_relevance=True) for ask in asked]
        for name, asked in newest.items()
    }
    return {**newest, **relevant}


def _pieces() -> list[str]:
    lines = (DATA_ROOT / "scenarios" / "farewell_night.jsonl").read_text("utf-8").splitlines()
    texts = (json.loads(line).get("text", "") for line in lines if line.startswith("{"))
    return [word for text in texts for word in text.split()]


def _shares_of_pairs(sample: list[str]) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for text in sample:
        counts.update({one + other for one, other in pairwise(text)})
    return {
        pair: count / len(sample)
        for pair, count in counts.items()
        if all("一" <= char <= "鿿" for char in pair)
    }


def _number_of(member: int) -> int:
    return 2_840_010_000 + member

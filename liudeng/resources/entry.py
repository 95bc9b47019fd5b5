"""A resource: a link somebody vouches for, or one that waits for somebody to."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

SHARED = 0
"""The `group_id` of what all groups have."""

UNSORTED = "其他"
PETITIONS = "请愿与公开信"

CATEGORIES: dict[str, tuple[str, ...]] = {
    "导出与备份": ("导出", "备份", "下载", "export", "backup"),
    PETITIONS: ("请愿", "公开信", "签名", "联署", "petition"),
    "可用平台与接口": ("平台", "接口", "api", "API", "哪里还能用", "客户端"),
    "提示词与记忆": ("提示词", "记忆", "记忆信", "prompt", "prompts"),
    "本地模型": ("本地", "模型", "local"),
    "心理支持": ("心理", "支持", "热线", "求助", "倾诉"),
    "反诈": ("防骗", "诈骗", "骗子", "防诈", "仿冒"),
    "阅读与报道": ("阅读", "报道", "新闻", "文章"),
    "纪念与创作": ("纪念", "创作", "故事"),
    UNSORTED: ("未分类", "别的"),
}
"""The usual categories, with the words they are also asked for by. Moderators may use others."""


class State(StrEnum):
    """Where a resource stands."""

    CANDIDATE = "candidate"
    """It was posted; nobody has looked at it."""
    LISTED = "listed"
    HIDDEN = "hidden"
    """Not shown; `Why` says why. It waits for a moderator unless one hid it."""
    REJECTED = "rejected"
    """A moderator does not want it; posting it again changes nothing."""


class Why(StrEnum):
    """Why a resource is hidden."""

    NOTHING = ""
    DEAD = "dead"
    CHANGED = "changed"
    """The page turned into something else."""
    BY_HAND = "by_hand"


class Outcome(StrEnum):
    """What the last look at a resource showed."""

    NEVER = "never"
    GOOD = "good"
    CLOSED = "closed"
    """There is a page, but only for those who log in."""
    BUSY = "busy"
    """The server wants to be asked another time."""
    GONE = "gone"
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    BROKEN = "broken"
    """An answer that is none: redirects in circles, protocol errors, server errors."""
    TLS = "tls"
    FORBIDDEN = "forbidden"
    """It leads to an address that is not public."""
    CHANGED = "changed"
    UNASKED = "unasked"
    """Nobody may be asked: an example name, or robots.txt says no."""


class Resource(BaseModel):
    """One row of the ledger, with what is known of its health."""

    model_config = ConfigDict(frozen=True)

    id: int
    group_id: int
    key: str
    url: str
    host: str
    title: str
    summary: str
    category: str
    region: str
    needs_login: bool
    owner_id: str
    tags: tuple[str, ...]
    source: str
    """Where its facts were read, for numbers that people may dial."""
    version: str
    """Of a petition's or letter's text."""
    state: State
    why: Why
    verified_on: date | None
    expires: date | None
    deadline: date | None
    """Until when a petition can be signed."""
    seed_id: str
    forked_from: int | None
    useful: int
    broken: int
    outcome: Outcome = Outcome.NEVER
    probed_ms: int = 0

    @property
    def is_shared(self) -> bool:
        """Whether every group has it."""
        return self.group_id == SHARED

    @property
    def name(self) -> str:
        """Its title, or its address where it has none."""
        return self.title or self.key

    def is_over(self, today: date) -> bool:
        """Tell whether it is past its expiry or deadline."""
        return any(day is not None and day < today for day in (self.expires, self.deadline))


class Draft(BaseModel):
    """What is known of a resource before it has a number."""

    model_config = ConfigDict(frozen=True)

    url: str
    title: str = ""
    summary: str = ""
    category: str = UNSORTED
    region: str = ""
    needs_login: bool = False
    owner_id: str = ""
    tags: tuple[str, ...] = ()
    source: str = ""
    version: str = ""
    verified_on: date | None = None
    expires: date | None = None
    deadline: date | None = None
    seed_id: str = ""


def category_meant(word: str) -> str | None:
    """Return the usual category that a word names; None if it names none."""
    word = word.strip().casefold()
    for category, words in CATEGORIES.items():
        if word == category or word in words:
            return category
    return None

"""What is said about links, in Chinese."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from liudeng.resources.canonical import canonical
from liudeng.resources.entry import CATEGORIES, Outcome, Resource, State, Why
from liudeng.resources.lookalike import judge
from liudeng.resources.queue import CALLED_BROKEN, Candidate

NO_GROUPS = "你不在我存档的群里，我不知道该给你看哪个群的链接。"
EMPTY = "这里还没有收录链接。看到有用的，发在群里，管理会来收录。"
HOW_TO_VOTE = "要说哪一条？回复那张卡片，或写上编号，例如：资源 有用 12，打不开的发：失效 12"
WHICH_ONE = "写上编号，例如：{command} 12"
NOT_HERE = "没有 {number} 号链接，或者它不归你管。发「候选」看看有哪些。"
NO_MODERATOR = "这条命令给管理用。"
WHICH_GROUP = "你管着几个群，在后面写上群号，例如：{example} 群 123456"
NO_LINK = "这不像一个网址，检查一下再发一次。"
HOW_TO_EDIT = (
    "可以改：标题、摘要、类别、地区、登录、到期、截止、版本、标签、来源。"
    "例如：改资源 12 标题=新标题 截止=12-31"
)
HOW_TO_PIN = "写上要置顶的话和到哪天，例如：置顶 周六晚八点一起寄信 到 12-31"
PINNED_ENOUGH = "这个群已经置顶了五条，先取消一条：发「公告」看编号。"
NOTHING_PINNED = "现在没有置顶的公告。"
NOTHING_WAITS = "候选都看完了，收录的链接也都好好的。"

_OUTCOMES = {
    Outcome.GOOD: "能打开",
    Outcome.CLOSED: "能打开，要登录才看得到",
    Outcome.BUSY: "服务器忙",
    Outcome.GONE: "页面不在了",
    Outcome.UNREACHABLE: "连不上",
    Outcome.SLOW: "太慢，没等到",
    Outcome.BROKEN: "打开出错",
    Outcome.TLS: "证书有问题",
    Outcome.FORBIDDEN: "指向内网，不安全",
    Outcome.CHANGED: "变成了别的页面",
}
_WELL = (Outcome.GOOD, Outcome.CLOSED)


def shown_day(day: date, today: date) -> str:
    """Return a day as people say it: 11月20日, with the year if it is another."""
    plain = f"{day.month}月{day.day}日"
    return plain if day.year == today.year else f"{day.year}年{plain}"


def facts_of(entry: Resource, today: date, zone: ZoneInfo) -> str:
    """Return a link's state and its date, what it takes to open it, and what people found."""
    facts = [_term(entry, today), _health(entry, today, zone)]
    if entry.verified_on is not None:
        facts.append(f"{shown_day(entry.verified_on, today)}核实")
    if entry.needs_login:
        facts.append("要登录")
    if entry.region and entry.region != "全球":
        facts.append(entry.region)
    if entry.version:
        facts.append(f"第 {entry.version} 版" if entry.version.isdigit() else entry.version)
    if entry.useful:
        facts.append(f"{entry.useful} 人说有用")
    if entry.broken:
        facts.append(f"{entry.broken} 人说失效")
    return " · ".join(filter(None, facts))


def _term(entry: Resource, today: date) -> str:
    if entry.deadline is not None:
        day = shown_day(entry.deadline, today)
        return f"已于{day}截止" if entry.deadline < today else f"{day}截止"
    if entry.expires is not None and entry.expires < today:
        return f"{shown_day(entry.expires, today)}已过期，内容可能不准"
    return ""


def _health(entry: Resource, today: date, zone: ZoneInfo) -> str:
    words = _OUTCOMES.get(entry.outcome)
    if words is None or not entry.probed_ms:
        return ""
    day = shown_day(datetime.fromtimestamp(entry.probed_ms / 1000, zone).date(), today)
    return f"{day}{words}" if entry.outcome in _WELL else f"{day}探测：{words}"


def is_in_doubt(entry: Resource) -> bool:
    """Tell whether people or the last probe say that something is wrong."""
    bad = entry.outcome not in (*_WELL, Outcome.NEVER, Outcome.UNASKED)
    return bad or entry.state is State.HIDDEN or entry.broken > entry.useful


def address_of(entry: Resource) -> str:
    """Return a link's address as people read it."""
    link = canonical(entry.url)
    return link.shown if link else entry.url


def line_of(entry: Resource, today: date, zone: ZoneInfo) -> str:
    """Return a link in one line of words, for when there is no picture."""
    facts = facts_of(entry, today, zone)
    return f"{entry.id}　{entry.name}（{facts}）" if facts else f"{entry.id}　{entry.name}"


def how_to_vote_here(number: int) -> str:
    """Return what stands below a link: its number, and how to say whether it helps."""
    return f"（资源 {number}：回复这条发「有用」或「失效」）"


def owner_of(owner: str) -> str:
    """Return who vouches for a link; `owner` is empty where nobody of the group does."""
    return f"{owner}收录" if owner else ""


def whole_of(entry: Resource, today: date, zone: ZoneInfo, owner: str = "") -> str:
    """Return all there is to know of a link, in words; `owner` is who vouches for it."""
    facts = " · ".join(filter(None, (facts_of(entry, today, zone), owner_of(owner))))
    lines = [f"{entry.id} 号《{entry.name}》", entry.summary, facts]
    return "\n".join(filter(None, lines))


def source_line(entry: Resource) -> str:
    """Return where a link's facts were read, to be looked up."""
    return f"依据：{entry.source}"


def source_of(entry: Resource) -> str:
    """Return where a link's facts were read, as short as it can be said."""
    link = canonical(entry.source) if entry.source else None
    told = link.shown.partition("/")[0] if link else entry.source
    return f"依据：{told}" if told else ""


def vote_text(entry: Resource, *, useful: bool, counted: bool) -> str:
    """Return the thanks for a vote."""
    if not counted:
        return f"记着呢，你说过《{entry.name}》{'有用' if useful else '失效了'}。"
    if useful:
        return f"谢谢，记下了：《{entry.name}》有用。"
    return f"谢谢告诉我，我请管理看看《{entry.name}》。"


def not_found_text(words: str) -> str:
    """Return what is said when nothing is listed for some words."""
    usual = "、".join(list(CATEGORIES)[:4])
    return f"还没有收录和「{words[:20]}」有关的链接。单发「资源」看全部，类别有{usual}等。"


def candidate_lines(
    candidate: Candidate, original: Resource | None, zone: ZoneInfo, today: date
) -> list[str]:
    """Return what a moderator sees of a posted link; `original` is the petition it may copy."""
    entry, seen = candidate.entry, candidate.sighting
    when = datetime.fromtimestamp(seen.first_ms / 1000, zone)
    lines = [
        f"{entry.id}　{entry.title or address_of(entry)}",
        f"　{address_of(entry)}" if entry.title else "",
        f"　{seen.first_name} {shown_day(when.date(), today)}{when:%H:%M} 发的，共 {seen.count} 次",
        f"　「{seen.words}」" if seen.words else "",
    ]
    verdict = judge(entry.host)
    if verdict.suspicious:
        lines.append(f"　⚠ {verdict.reason}")
    if original is not None:
        lines.append(
            f"　⚠ 和收录的 {original.id} 号《{original.name}》标题一样、网址不同，可能是仿页"
        )
    return list(filter(None, lines))


def trouble_line(entry: Resource, today: date) -> str:
    """Return why a listed link needs another look."""
    return f"{entry.id}　{entry.name}：{trouble_of(entry, today)}"


def trouble_of(entry: Resource, today: date) -> str:
    """Return what is the matter with a link."""
    if entry.why is Why.CHANGED:
        return "页面变样了，已收起"
    if entry.why is Why.DEAD:
        return f"{_OUTCOMES.get(entry.outcome, '打不开')}，已收起"
    if entry.broken - entry.useful >= CALLED_BROKEN:
        return f"{entry.broken} 人说失效"
    if entry.deadline is not None and entry.deadline < today:
        return f"{shown_day(entry.deadline, today)}已截止"
    if entry.expires is not None and entry.expires < today:
        return f"{shown_day(entry.expires, today)}已过期"
    return "请再看一眼"

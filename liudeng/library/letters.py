"""Private letters to an author about what moderators propose and take down."""

from collections.abc import Iterable

from liudeng.library.entry import Farewell
from liudeng.outbox import Kind, Letter, Target, text_segment

_QUOTE_SHOWN = 60
_LIFETIME_MS = 7 * 24 * 3600_000


def proposal_letter(entry: Farewell, proposer: str, group_name: str) -> Letter:
    """Return the letter that asks an author whether they want an entry."""
    quote = " ".join(entry.words.split())
    quote = quote if len(quote) <= _QUOTE_SHOWN else quote[: _QUOTE_SHOWN - 1] + "…"
    pictures = f"[{len(entry.pictures)} 张图]" if entry.pictures else ""
    lines = [
        f"「{group_name}」的管理 {proposer} 想把你 {entry.day.isoformat()} 发的这条放上告别墙：",
        f"《{entry.title}》{pictures}",
        quote,
        "由你决定：",
        f"愿意，发「同意存档 {entry.id}」（之后随时能改、能撤下）",
        f"不愿意，发「不存 {entry.id}」",
        "不回也没关系，不会放上去，也不会再问。",
    ]
    return _private(f"proposal:{entry.id}", entry.author_id, filter(None, lines))


def withdrawal_letter(entry: Farewell, moderator: str, group_name: str, now_ms: int) -> Letter:
    """Return the letter that tells an author of what a moderator took down."""
    lines = [
        f"「{group_name}」的管理 {moderator} 把你的 {entry.id} 号《{entry.title}》从告别墙撤下了。",
        "你原来发的那条没有动。想知道原因，可以直接问问 TA。",
    ]
    return _private(f"withdrawn:{entry.id}:{now_ms}", entry.author_id, lines)


def _private(key: str, user_id: str, lines: Iterable[str]) -> Letter:
    return Letter(
        key=key,
        kind=Kind.NOTICE,
        target=Target.PRIVATE,
        target_id=int(user_id),
        segments=(text_segment("\n".join(lines)),),
        lifetime_ms=_LIFETIME_MS,
    )

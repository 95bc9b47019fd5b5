"""What the library says in the chat."""

from collections.abc import Callable, Sequence

from liudeng.library.anniversaries import MOST_ANNIVERSARIES, Anniversary
from liudeng.library.draft import FarewellDraft
from liudeng.library.entry import Farewell, Visibility
from liudeng.library.wall_pages import WallPage

_WORDS_SHOWN = 300
_MEANT_SHOWN = 20
_SEVERAL = 2
_MOST_NAMED = 5

REPLY_TO_ONE = (
    "请回复那条图片或消息，再发「存档 标题」，例如：存档 和小暖的最后一晚｜小暖 #晚安\n"
    "已经是回复的话，就是那条不在我的存档里，请再发一次。"
)
MY_OWN_WORDS = "这是我自己说的话，不用上墙。想留住的是谁的话，回复 TA 那条就好。"
ONLY_ITS_AUTHOR = "只有说这句话的人能把它放上告别墙。可以请 TA 自己回复那条发「存档 标题」。"
LEFT_TO_ITS_AUTHOR = (
    "好，放不放由作者自己决定，每条我只私下问一次。\n"
    "TA 没加我好友的话收不到，可以请 TA 自己回复那条发「存档 标题」。"
)
AUTHOR_UNKNOWN = "这条是从别处导入的，我找不到作者本人，没法替你问。"
WALL_IS_EMPTY = (
    "告别墙还是空的。想留住哪条，就回复它发「存档 标题」，例如：存档 和小暖的最后一晚｜小暖"
)
HOW_TO_RETITLE = "写上编号和新标题，例如：改题 12 和小暖的最后一晚｜小暖 #晚安"
HOW_TO_SHOW = (
    "写上编号和给谁看，例如：可见 12 本群\n"
    "私密：只有你自己；本群：群里的人；公开：私聊我的人和相册，图里的名字和号码会遮住。"
)
TOO_MANY_DATES = (
    f"已经记了 {MOST_ANNIVERSARIES} 个纪念日，先放下一个再记新的：私聊我发「纪念日」看编号，"
    "再发「忘掉纪念日 编号」。"
)
DATES_ARE_PRIVATE = (
    "你的纪念日只给你自己看，请私聊我发「纪念日」。\n要记一个新的：纪念日 06-06 和小暖的婚礼"
)
WHICH_DATE = "要忘掉哪一个？写上编号，例如：忘掉纪念日 3。私聊我发「纪念日」看编号。"
NO_DATES = "还没有记下纪念日。要记一个：纪念日 06-06 和小暖的婚礼，每年那天早上我私聊提醒你。"
REMEMBERING = (
    "好。往年今天你存过的，我会在当天早上私聊给你看（要先加我好友）。不想要了发「那年今日 关」。"
)
NOT_REMEMBERING = "好，往年今天的我不再提起。想要时发「那年今日 开」。"
_HIDDEN = "图里的名字、头像和号码会先遮住再给人看，原图留在私下，不公开。"
_SEEN = {
    Visibility.PRIVATE: "只有你自己能看到",
    Visibility.GROUP: "群里的人能看到",
    Visibility.PUBLIC: "公开",
}


def kept_text(entry: Farewell, draft: FarewellDraft, named: str, *, again: bool) -> str:
    """Tell that an entry was kept, and how to change it; `named` is the companion as typed."""
    lines = [f"{'更新' if again else '存'}好了，{entry.id} 号，{_SEEN[entry.visibility]}。"]
    if entry.companion and not named and entry.companion == draft.companion:
        lines.append(f"伙伴的名字「{entry.companion}」是从图上认的，不对就改一下。")
    if draft.missing:
        lines.append(f"有 {draft.missing} 张图没能留下，原图还在的话可以再发一次。")
    if entry.visibility is Visibility.PUBLIC:
        lines.append(_HIDDEN)
    return "\n".join([*lines, *_how_to_change(entry.id)])


def alike_lines(numbers: Sequence[int]) -> list[str]:
    """Tell that the wall has the same picture already: a line, or none."""
    if not numbers:
        return []
    listed = "、".join(str(number) for number in numbers[:3])
    return [f"墙上的 {listed} 号像是同一张图；不想放两遍，就撤下其中一封。"]


def kept_privately_text(number: int) -> str:
    """Tell an author in a group about an entry that only they may see: nothing of it is shown."""
    return f"好了，{number} 号。它只给你自己看，请私聊我发「看 {number}」。"


def on_the_wall_text(number: int) -> str:
    """Tell that there is nothing left to decide."""
    return f"{number} 号已经在墙上了。发「看 {number}」看看；不想放了发「撤下 {number}」。"


def accepted_text(entry: Farewell) -> str:
    """Tell an author that their proposal was kept."""
    return "\n".join(
        [f"谢谢你。{entry.id} 号放上去了，群里的人能看到。", *_how_to_change(entry.id)]
    )


def declined_text(number: int) -> str:
    """Tell that a proposal is forgotten."""
    return f"好，{number} 号不放，也不会再问你。"


def nothing_to_decide_text(number: int) -> str:
    """Tell that there is no such proposal."""
    return f"没有等你点头的 {number} 号：可能已经处理过，或者那条消息撤回了。"


def not_here_text(number: int) -> str:
    """Tell that there is nothing to see, in the same words whether it exists or not."""
    return (
        f"这里没有你能看的 {number} 号：可能撤下了，也可能是别处的，或者只给作者自己看。"
        f"自己私密的那封，请私聊我发「看 {number}」。"
    )


def not_yours_text(entry: Farewell) -> str:
    """Tell that an entry is somebody else's."""
    return f"{entry.id} 号是{entry.author_name}的，只有 TA 自己能改。"


def retitled_text(number: int) -> str:
    """Tell that an entry has another name."""
    return f"{number} 号改好了。"


def visibility_text(number: int, visibility: Visibility) -> str:
    """Tell who sees an entry from now on."""
    if visibility is Visibility.PRIVATE:
        return f"{number} 号现在只有你自己能看到，私聊我发「看 {number}」就在。"
    if visibility is Visibility.GROUP:
        return f"{number} 号现在群里的人能看到，别处看不到。"
    return f"{number} 号公开了：私聊我的人也能看到，做成相册时会收进去。\n{_HIDDEN}"


def withdrawn_text(number: int, *, by_author: bool) -> str:
    """Tell that an entry is gone from everywhere."""
    gone = f"{number} 号撤下了，墙上和搜索里都不再有，下一次做的相册里也没有。"
    if not by_author:
        return f"{gone}我会私下告诉作者。"
    return f"{gone}想放回来，回复原来那条再发一次「存档」就好。"


def how_to_name(command: str) -> str:
    """Ask for the number of an entry."""
    return f"要哪一封？写上编号，例如：{command} 12。发「告别墙」能看到编号。"


def how_to_decide(command: str) -> str:
    """Ask for the number of a proposal."""
    return f"是哪一条？写上我私聊里给你的编号，例如：{command} 12"


def look_text(entry: Farewell, *, is_author: bool) -> str:
    """Tell what to do next below an entry's card."""
    if is_author:
        return "\n".join([f"{entry.id} 号，{_SEEN[entry.visibility]}。", *_how_to_change(entry.id)])
    author = entry.author_name or "一位群友"
    return f"{entry.id} 号，来自{author}。再看一封发「随机一封」，全部在「告别墙」。"


def entry_listing(entry: Farewell) -> str:
    """Return what an entry's card shows, in words."""
    about = " · ".join(filter(None, (entry.companion, entry.author_name, entry.day.isoformat())))
    words = entry.words.strip()
    if len(words) > _WORDS_SHOWN:
        words = words[: _WORDS_SHOWN - 1] + "…"
    pictures = f"[{len(entry.pictures)} 张图]" if entry.pictures else ""
    last = " ".join(filter(None, (pictures, *(f"#{tag}" for tag in entry.tags))))
    return "\n".join(filter(None, (f"《{entry.title}》", about, words, last)))


def wall_listing(page: WallPage, group_name: Callable[[int], str]) -> str:
    """Return what the wall's picture shows, in words; groups are named where there are several."""
    several = len({entry.group_id for entry in page.entries}) > 1
    lines = []
    for entry in page.entries:
        about = " · ".join(filter(None, (entry.companion, entry.day.isoformat())))
        where = f"（{group_name(entry.group_id)}）" if several else ""
        lines.append(f"{entry.id} 《{entry.title}》{about}{where}")
    return "\n".join(lines)


def wall_text(page: WallPage) -> str:
    """Tell where this page of the wall stands and how to go on."""
    of_whom = f"「{page.companion}」的告别" if page.companion else "告别墙"
    if page.searched:
        of_whom = f"{_meant(page)}墙上找到「{page.searched}」"
    among = _among(page)
    if page.pages == 1:
        return f"{of_whom}：共 {page.total} 封{among}。发「看 编号」看一封。"
    text = (
        f"{of_whom}：共 {page.total} 封{among}，第 {page.page}/{page.pages} 页。发「看 编号」看一封"
    )
    if page.page == page.pages:
        return f"{text}。"
    words = " ".join(filter(None, ("告别墙", page.asked, str(page.page + 1))))
    return f"{text}，「{words}」看下一页。"


def _meant(page: WallPage) -> str:
    if not page.meant:
        return ""
    meant = page.meant if len(page.meant) <= _MEANT_SHOWN else page.meant[: _MEANT_SHOWN - 1] + "…"
    return f"你是不是要找「{meant}」？"


def _among(page: WallPage) -> str:
    """Say whose they are, where there are several."""
    if len(page.companions) < _SEVERAL:
        return ""
    named = "、".join(f"{name} {count}" for name, count in page.companions[:_MOST_NAMED])
    return f"（{named}）"


def no_such_page_text(page: WallPage) -> str:
    """Tell how far the wall goes."""
    words = " ".join(filter(None, ("告别墙", page.asked, str(page.pages))))
    return f"只有 {page.pages} 页，最后一页：{words}"


def nothing_like_it_text(asked: str) -> str:
    """Tell that the wall has nothing of a companion or about some words."""
    return f"墙上还没有「{asked[:20]}」的告别。发「告别墙」看全部，或换个写法再试。"


def date_kept_text(kept: Anniversary) -> str:
    """Tell that a date is kept."""
    leap = "（没有 29 日的年份，在 28 日）" if (kept.when.month, kept.when.day) == (2, 29) else ""
    return (
        f"记下了：{kept.when}，{kept.title}。\n"
        f"每年那天早上我私聊提醒你{leap}，要先加我好友才收得到。"
    )


def dates_text(kept: Sequence[Anniversary]) -> str:
    """List a person's dates."""
    lines = [f"{one.id}｜{one.when}｜{one.title}" for one in kept]
    return "\n".join(
        [f"你记着的日子（{len(kept)}）：", *lines, f"不用再记的：忘掉纪念日 {kept[0].id}"]
    )


def date_forgotten_text(number: int, *, found: bool) -> str:
    """Tell that a date is not kept any longer, or never was."""
    if found:
        return f"好，纪念日 {number} 不再提醒。"
    return f"你没有编号 {number} 的纪念日。私聊我发「纪念日」看看都有哪些。"


def remembrance_text(*, active: bool) -> str:
    """Tell what 那年今日 is, and whether this person has it."""
    now = (
        "现在是开着的。不想要了发「那年今日 关」"
        if active
        else "现在是关着的。想要就发「那年今日 开」"
    )
    return f"那年今日：往年今天你存过的，当天早上私聊给你看，只给你自己。{now}。"


def _how_to_change(number: int) -> list[str]:
    return [
        "想改的话：",
        f"可见 {number} 私密（或 本群、公开）",
        f"改题 {number} 新标题｜伙伴名字",
        f"撤下 {number}",
    ]

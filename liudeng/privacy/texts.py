"""What the privacy room says to members."""

from collections.abc import Sequence

from liudeng.holding import Held
from liudeng.privacy.consent import Keeping, Mode, Standing, Watching
from liudeng.privacy.counting import Inventory
from liudeng.privacy.erasure import Receipt

REFUSED = (
    "好，从现在起不存你说的话，图片也一样；补回的、导入的也不存。\n"
    "你的话只在内存里过一下：要是明说有危险，会私下告诉管理是谁、什么时候，不留原话。"
    "这也不要，就发「别看我」。\n"
    "以前存的还在，想删掉发「删掉我」。想恢复发「存我」。"
)
WALL_ONLY = (
    "好，只留你自己放上墙的。发了图或话之后十分钟内，回复它发「存档 标题」就能上墙；别的都不存。\n"
    "以前存的还在，想删掉发「删掉我」。想恢复发「存我」。"
)
KEPT = "好，从现在起你在群里说的话会存下来，大家能搜到。不想了随时发「不要存我」。"
KEPT_WHERE_OFF = "记下了。不过这个群现在关着存档，谁的都不存；打开以后才会存你的。"
REFUSED_SINCE = "你在这之后说过不要存，我按后面那句算。想让我存，再发一次「存我」。"
LESS_WATCHED = (
    "好，我不再留意你的话，也不记你这些天的样子。只有一句话里明说有危险时，才会私下告诉管理。\n"
    "想改回来发「可以看我」。难受的时候，也可以直接找一位管理，或打 12356。"
)
WATCHED = "好，我会照常留意。谢谢你让我看着。"
NOTHING_KEPT = "我这里没有存你的任何东西。"
ASK_AGAIN = "没有等着确认的删除。先发「删掉我」，看过会删什么，再发「确认删掉我」。"
ASKING_LATE = "过了十分钟，当你改主意了。还想删，再发一次「删掉我」。"
ERASING = "开始删了，删干净之后告诉你，要几秒到几分钟。"
ALREADY_ERASING = "正在删，删干净之后告诉你。"
GROUP_ONLY = "到群里发这一句，我才知道说的是哪个群。"
SENT_PRIVATELY = "已经私聊发给你了。"
NOT_A_FRIEND = "这些只能私聊给你：请先加我为好友，过十分钟再私聊我发「我的数据」。"
NOT_CONNECTED = "现在连不上 QQ，过十分钟再发一次。"
UNKNOWN_OUTCOME = "文件可能已经发到你的私聊；没有收到的话，过十分钟再发一次。"
OFTEN = "刚打包过一份，过十分钟再来。"
BUSY = "有一份正在打包，等它发完再来。"
CANNOT_PACK = "这次没能打包：请告诉管理看一眼机器的磁盘，十分钟后再发一次「我的数据」。"
LEAVING_HOW = "写上群号和怎么办：退群存档 123456789 保留（或 导出、删除）"
NO_DEPARTURE = "我没有退出过这个群，或者它的存档已经处理完了。"
MODES = {
    Mode.OPEN: "好，从现在起这个群会存档；不想被存的人发「不要存我」。",
    Mode.ASKED: "好，从现在起只存自己说过「存我」的人。以前存的还在。",
    Mode.OFF: "好，从现在起这个群什么也不存；以前存的还能搜。要打开发「群存档 开」。",
}
MODE_HOW = (
    "现在是「{now}」。可以发：群存档 开（不说不要就存）、群存档 自愿（说了存我才存）、群存档 关"
)
MODE_NAMES = {Mode.OPEN: "开", Mode.ASKED: "自愿", Mode.OFF: "关"}
_KEEPING = {
    Keeping.ALL: "会存你说的话",
    Keeping.WALL: "只存你放上墙的",
    Keeping.NONE: "不存你说的话",
}


def standing_text(standing: Standing) -> str:
    """Return how a member stands, in one line."""
    less = "，也不留意你（除非明说有危险）" if standing.watching is Watching.DANGER else ""
    return f"现在：{_KEEPING[standing.keeping]}{less}。"


def stock_text(stock: Inventory) -> str:
    """Return what is kept of somebody, in one line."""
    parts = [f"{stock.messages} 条消息"] if stock.messages else []
    if stock.files:
        parts.append(f"{stock.files} 张图和文件")
    parts += [f"{title} {held.count} {unit}" for title, unit, held in stock.rooms if held.count]
    return "、".join(parts)


def erase_question(stock: Inventory) -> str:
    """Return what will go and what will not, and how to go on."""
    lines = [
        f"会删掉你在所有群里的：{stock_text(stock) or '没有存着的，只记下以后也不存'}。",
        "连同搜索里的、图里认出的字、缩略图；别人 @ 你的地方会换成「某位成员」。"
        "别人自己打的字、别人也发过的图，是别人的，留着。",
        *withheld_lines([(title, held) for title, _, held in stock.rooms]),
        "删了找不回来，以后导入旧记录也不会回来；之后也不再存你说的话。",
        "想先留一份，发「我的数据」。确定就在十分钟内发：确认删掉我",
    ]
    return "\n".join(lines)


def withheld_lines(rooms: Sequence[tuple[str, Held]]) -> list[str]:
    """Return what stays for somebody's safety, and for how long."""
    return [
        f"没有完结的{title} {held.withheld} 件会留到完结：那关系到人的安全，"
        "完结后名字和原话都会抹掉。"
        for title, held in rooms
        if held.withheld
    ]


def receipt_text(receipt: Receipt) -> str:
    """Return the receipt of an erasure."""
    what = stock_text(receipt.erased) or "本来就没有存着的"
    lines = [f"删干净了：{what}，{receipt.files} 个文件。"]
    if not receipt.complete:
        lines = [
            f"删掉了：{what}，{receipt.files} 个文件，搜不到也看不到了。"
            "数据库很大，凌晨四点再把文件整理一遍，一个字节也不剩。"
        ]
    lines += withheld_lines(receipt.withheld)
    lines.append("备份里的，会在下一次轮换备份时消失。以后导入、补回都不会再带回来。")
    lines.append("从现在起也不存你说的话；哪天想了，发「存我」。")
    return "\n".join(lines)

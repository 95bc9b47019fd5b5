"""The answers of a search as text for the chat."""

from collections.abc import Sequence
from dataclasses import dataclass

from liudeng.archive.message import StoredMessage
from liudeng.archive.reading import shown_text
from liudeng.search.conversations import Conversation
from liudeng.search.engine import SearchPage
from liudeng.search.excerpt import MARKS
from liudeng.search.facets import By, Facets, chart
from liudeng.search.language import in_words
from liudeng.search.lines import hit_line, one_line
from liudeng.search.manner import Manner
from liudeng.search.paging import Standing
from liudeng.search.query import Query, Sort
from liudeng.search.run import RANKED

NO_GROUPS = "你和我还没有共同的群，所以没有可以搜的记录。请在有我的群里搜。"
NOTHING_TO_PAGE = "没有可以往下翻的搜索。先发「搜 关键词」，再发「下一页」。"
NOTHING_TO_COUNT = "先发「搜 关键词」，再发「只看图」「按人」或「按月」。"
NOTHING_LEFT = "刚才搜到的现在一条也不在了，没有可以数的。换个词再搜：搜 关键词"
LAST_PAGE = "已经是最后一页了。换个词再搜：搜 关键词"
TOO_MUCH = "你搜得太勤了，机器要歇一歇，半分钟后再试。"
TOO_SLOW_TO_GO_ON = "到时间了，还没翻到后面的。再发一次「下一页」，或者加上日期、更特别的词重新搜。"
TOO_SLOW_TO_COUNT = "到时间了，还没数完。加上日期或更特别的词重新搜，再数一次。"
WHICH_MESSAGE = "要看哪一条的前后文？写上搜索结果里的编号，例如：上下文 128"
NO_SUCH_MESSAGE = "找不到编号 {} 的消息，可能不在这个群，或已经撤回。"
TOO_SLOW = "搜得太久，先停下了：这是到目前为止找到的。"
_ALL_RANKED = f"按相关只排最新的 {RANKED} 条，到这里为止；还要更早的，加上 排序:新。"
_CONTEXT_LINE = 80
_SHOWN_OF_ONE = 3
"""Hits of one conversation whose words are shown."""
_NEXT_LINE = 40
TITLES = {By.PERSON: "按人", By.MONTH: "按月"}


def counted(page: SearchPage) -> str:
    """Return how many hits there are, in words."""
    return f"{page.total} 条以上" if page.at_least else f"{page.total} 条"


@dataclass(frozen=True)
class Answers:
    """Puts results into words."""

    manner: Manner

    def heading(self, page: SearchPage, before: Standing, standing: Standing) -> str:
        """Return the first line of an answer, by which it is known when it is quoted."""
        total = counted(page.model_copy(update={"total": standing.total}))
        shown = f"第 {before.shown + 1}–{standing.shown} 条"
        return f"「{one_line(standing.text)}」共 {total}，{shown}："

    def results(
        self, page: SearchPage, found: Sequence[Conversation], standing: Standing
    ) -> list[str]:
        """Return the lines of a page's results."""
        words, several = page.query.words, len(standing.groups) > 1
        return [self._result(each, words, several=several) for each in found]

    def what_next(self, page: SearchPage, standing: Standing) -> list[str]:
        """Return the lines below a page: where it was cut off, and what may be typed next."""
        lines = [TOO_SLOW] if page.cut_off else []
        if not standing.finished:
            return [*lines, "下一页｜上下文 编号"]
        if page.query.sort is Sort.RELEVANCE and page.at_least:
            lines.append(_ALL_RANKED)
        return [*lines, "上下文 编号：看那条消息的前后"]

    def reading(self, query: Query) -> list[str]:
        """Return how a query was read, where not all of it was understood."""
        if not query.taken_as_text:
            return []
        return [f"我是这样理解的：{in_words(query, self.manner.zone)}"]

    def nothing(self, text: str, page: SearchPage, suggestion: str) -> str:
        """Return the answer to a search without hits."""
        shown = one_line(text)
        if page.strangers:
            missing = one_line("、".join(page.strangers))
            answer = f"没有找到「{shown}」。这里没有叫「{missing}」的人或群。"
        elif page.cut_off:
            answer = f"「{shown}」还没搜完就到时间了：加上日期或更特别的词再试。"
        else:
            answer = f"没有找到「{shown}」。{suggestion or '试试更短的词，或换一种说法。'}"
        return "\n".join([answer, *self.reading(page.query)])

    def charted(self, facets: Facets, standing: Standing) -> tuple[str, str]:
        """Return the title of a chart, and the chart."""
        some = f"最新的 {facets.counted} 条" if facets.at_least else f"{facets.counted} 条"
        title = f"「{one_line(standing.text)}」{TITLES[facets.by]}（{some}）："
        return title, "\n".join(chart(facets))

    def context(self, message: StoredMessage, around: Sequence[StoredMessage]) -> str:
        """Return a message among those around it."""
        day = self.manner.at(message.time_ms, "%Y-%m-%d")
        lines = [f"编号 {message.seq} 的前后文（{day}）："]
        lines += [self._spoken(entry, marked=entry.id == message.id) for entry in around]
        return "\n".join(lines)

    def _result(self, found: Conversation, words: Sequence[str], *, several: bool) -> str:
        hit = found.first
        when = self.manner.when(hit.time_ms)
        where = f"（{self.manner.group_name(hit.group_id)}）" if several else ""
        count = len(found.hits)
        near = f"（这段对话里 {count} 条）" if count > 1 else ""
        lines = [
            f"#{hit.seq} {when} {hit.display_name}{where}{near}",
            f"　{hit_line(hit, words)}",
        ]
        lines += [
            f"　{other.display_name}：{hit_line(other, words, _NEXT_LINE)}"
            for other in found.hits[1:_SHOWN_OF_ONE]
        ]
        if count > _SHOWN_OF_ONE:
            lines.append(f"　……还有 {count - _SHOWN_OF_ONE} 条，发「上下文 {hit.seq}」看这一段")
        return "\n".join(lines)

    def _spoken(self, message: StoredMessage, *, marked: bool) -> str:
        when = self.manner.at(message.time_ms, "%H:%M")
        text = one_line(shown_text(message.segments), _CONTEXT_LINE) or "[无法显示的消息]"
        if marked:
            text = f"{MARKS[0]}{text}{MARKS[1]}"
        return f"{'▶' if marked else '　'}{when} {message.display_name}：{text}"

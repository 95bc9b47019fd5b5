"""Words that somebody else said: inside quotation marks, or behind a speaker's label (小明：…)."""

import re
from dataclasses import dataclass

from liudeng.watch.lexicon import RuleClass

QUOTED_FACTOR = 0.35
"""What is left of a sign that is only quoted."""

MARKED = RuleClass("quotation_marks", "context", "引号里的话", "这句话在引号或书名号里，多半是转述")
LABELLED = RuleClass(
    "speaker_label", "context", "写明是谁说的", "冒号前面写着说话的人，多半是转述或打趣"
)

_MARKS = re.compile(
    r"“[^”\n]{1,200}”|\"[^\"\n]{1,200}\"|「[^」\n]{1,200}」|『[^』\n]{1,200}』|《[^》\n]{1,80}》"
)
_LABEL = re.compile(r"^(?P<name>[^\n,.。!?;:\s…“”\"]{1,8}):(?!//)(?P<words>[^\n]+)", re.MULTILINE)
# A letter begins with whom it is for, a diary with its date, a confession with 我 or 遗言:
# behind these stand the writer's own words.
_OWN_LABEL = re.compile(
    r"[我俺你您致给爸妈爹娘爷奶公婆哥姐弟妹儿女宝爱家想话说言书今明天日月年晚早]|"
    r"大家|各位|朋友|老师|亲|群|心情|状态|原因|现在|目前|最后|结果|结论|总结|总之|决定|愿望|备注|补充|真相"
    r"|感受|感觉|症状|问题|答|[0-9a-z]"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """Quoted words at `[start, end)` of a folded text, the opening mark included."""

    cls: RuleClass
    start: int
    end: int


def quotes_in(text: str) -> list[Quote]:
    """Everything quoted in a folded text."""
    quotes = [Quote(MARKED, *match.span()) for match in _MARKS.finditer(text)]
    if ":" not in text:
        return quotes
    quotes.extend(
        Quote(LABELLED, match.start("words") - 1, match.end())
        for match in _LABEL.finditer(text)
        if not _OWN_LABEL.search(match["name"])
    )
    return quotes

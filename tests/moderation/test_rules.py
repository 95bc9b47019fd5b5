"""Rules load, refuse to load, and speak."""

import pytest

from liudeng.moderation.disguise import unmask
from liudeng.moderation.judging import hosts_in
from liudeng.moderation.model import Label
from liudeng.moderation.rules import Consequence, Engine, Heard, RuleProblem, load_sets, parse_set

HEAD = 'name = "测试套"\nsummary = "只在测试里用"\n'


def one_rule(when: str, do: str = '["recall"]', extra: str = "") -> str:
    """A file with one rule; its `when` stands on line 8."""
    return (
        f'{HEAD}[[rule]]\nid = "a-rule"\nname = "一条"\nwhy = "因为要测试"\ndo = {do}\n'
        f"when = {when}\n{extra}"
    )


def judged(body: str, text: str = "", **told: object) -> list[str]:
    heard = Heard(unmask(text).plain.text, **told)  # type: ignore[arg-type]
    return [found.rule.id for found in Engine([parse_set(body, "t.toml")]).judge(heard)]


def test_the_ready_sets_load() -> None:
    assert {one.name for one in load_sets()} == {
        "防诈骗",
        "防骚扰",
        "防刷屏",
        "防炸群",
        "新人保护",
    }


def test_models_alone_never_propose_to_remove_anybody() -> None:
    for one in load_sets():
        for rule in one.rules:
            if rule.when.given == ("score",):
                assert Consequence.PROPOSE_KICK not in rule.then


@pytest.mark.parametrize(
    ("body", "points_at", "says"),
    [
        (one_rule("{}"), "when", "一个条件也没有"),
        (one_rule("{ words = [] }"), "words", "空的名单"),
        (one_rule('{ words = ["加微信", "晚安"] }'), '"晚安"', "晚安"),
        (one_rule('{ words = ["他"] }'), '"他"', "只有一个字"),
        (one_rule('{ words = ["  "] }'), '"  "', "空的词"),
        (one_rule('{ patterns = [".*"] }'), '".*"', "命中所有消息"),
        (one_rule('{ patterns = ["(微信"] }'), '"(微信"', "写错了"),
        *(
            (one_rule(f'{{ patterns = ["{slow}"] }}'), f'"{slow}"', "拖慢")
            for slow in ("(a+)+b", "(呀|呀)+下单", "((呀+))+下单", "(?:(?:a|b)c){2,}d", "x.*y.*z")
        ),
        (one_rule('{ wods = ["加微信"] }'), "wods", "不认识「wods」"),
        (one_rule("{ links = true }"), "do =", "误伤"),
        (one_rule("{ score = { scam = 0.9 } }", '["propose_kick"]'), "do =", "不能单独"),
        (one_rule('{ words = ["付定金"] }', '["ban"]'), "do =", "不认识的取值"),
        (one_rule('{ words = ["付定金"] }', extra='mute_for = "很久"\n'), "mute_for", "时长"),
        (one_rule('{ rate = { messages = 2, within = "10秒" } }'), "messages", "最小是 3"),
        (HEAD + "[[rule]]\nid = ?", "?", "写法不对"),
    ],
)
def test_what_cannot_work_says_where_and_why(body: str, points_at: str, says: str) -> None:
    with pytest.raises(RuleProblem) as caught:
        parse_set(body, "t.toml")
    before = body[: body.index(points_at)]
    assert says in str(caught.value)
    assert caught.value.line == before.count("\n") + 1
    assert caught.value.column == len(before) - before.rfind("\n")


@pytest.mark.parametrize("text", ["先付-定-金", "先 付定金", "先付\u200b定金"])
def test_words_are_found_through_disguises(text: str) -> None:
    assert judged(one_rule('{ words = ["付定金"] }'), text) == ["a-rule"]


def test_all_conditions_must_hold() -> None:
    body = one_rule('{ words = ["付定金"], score = { scam = 0.6 } }')
    assert judged(body, "先付定金", scores={Label.SCAM: 0.7})
    assert not judged(body, "先付定金", scores={Label.SCAM: 0.5})
    assert not judged(body, "先付钱", scores={Label.SCAM: 0.7})


def test_a_domain_holds_for_what_is_below_it_and_for_nothing_that_ends_like_it() -> None:
    body = one_rule('{ domains = ["bad.example"] }')
    assert judged(body, hosts=("a.bad.example",))
    assert not judged(body, hosts=("notbad.example",))


def test_a_warning_is_exempt_unless_the_rule_says_otherwise() -> None:
    when = '{ words = ["付定金"] }'
    assert not judged(one_rule(when), "别付定金", warns=True)
    assert judged(one_rule(when, extra="exempt = { warning = false }\n"), "付定金", warns=True)


def test_old_members_can_be_exempt() -> None:
    body = one_rule('{ words = ["付定金"] }', extra='exempt = { in_group_for = "30天" }\n')
    assert judged(body, "付定金", in_group_s=86_400.0)
    assert not judged(body, "付定金", in_group_s=40 * 86_400.0)


def test_a_rate_counts_what_lies_within_its_span() -> None:
    body = one_rule('{ rate = { messages = 3, within = "10秒" } }')
    assert judged(body, recent_s=(9.0, 5.0, 0.0))
    assert not judged(body, recent_s=(60.0, 5.0, 0.0))


def test_hosts_are_found_in_whatever_is_written() -> None:
    written = "看看a.com，http://b.example.com/x 还有xhttps://c.com -d.com me@e.com 1.5.0"
    assert hosts_in(written) == ("a.com", "b.example.com", "c.com", "-d.com", "e.com")
    assert hosts_in("a." * 100_000) == ()  # of quadratic time nobody would see the end


@pytest.mark.parametrize(
    "quick",
    [
        "加.{0,3}微信.*下单",
        "(发|给).{0,6}(验证码|密码)",
        "(?:返利){2,}群",
        "[+*|(]+号",
        "(?<!不)转账+",
    ],
)
def test_patterns_that_end_in_time_are_taken(quick: str) -> None:
    assert parse_set(one_rule(f"{{ patterns = ['{quick}'] }}"), "t.toml").rules

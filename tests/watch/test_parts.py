"""Long messages are read in pieces too: one grave sentence does not drown among calm ones."""

import numpy as np

from liudeng.watch import load_lexicon
from liudeng.watch.assessment import LEXICON_DIRECTORY, default_watcher
from liudeng.watch.parts import LONGEST, MARGIN, MOST, Heard, hear, pieces_of

CALM = "今天食堂的鱼不错，下午开了会，晚上去公园走了一圈，路上买了橘子，回家洗了衣服"


def test_short_messages_have_no_pieces() -> None:
    assert pieces_of("我先睡了，明天见") == []
    assert pieces_of("") == []


def test_pieces_are_neighbouring_clauses() -> None:
    text = "一、今天按时吃饭。早点睡觉！ 明天七点就起床出门"

    assert pieces_of(text) == ["一、今天按时吃饭，早点睡觉", "早点睡觉，明天七点就起床出门"]


def test_a_flood_of_clauses_gives_pieces_of_its_beginning_and_its_end() -> None:
    pieces = pieces_of("".join(f"第{n}句，" for n in range(500)))

    assert len(pieces) == MOST
    assert pieces[0] == "第0句，第1句"
    assert pieces[-1] == "第498句，第499句"


def test_what_is_no_clause_gives_no_piece() -> None:
    assert pieces_of(f"{'长' * LONGEST}，短，短") == ["短，短"]


def test_the_gravest_piece_counts_less_a_margin() -> None:
    heard = Heard([], [], np.array([0, 0, 2]))

    scores = heard.strongest(np.array([0.0, 1.0, 5.0]), np.array([3.0, 2.0, 4.0]))

    assert scores.tolist() == [3.0 - MARGIN, 1.0, 5.0]


def test_every_piece_knows_its_message() -> None:
    heard = hear(load_lexicon(LEXICON_DIRECTORY), ["好", CALM, f"好，{CALM}"])

    assert len(heard.whole) == 3
    assert set(heard.owners.tolist()) == {1, 2}


def test_what_takes_the_edge_off_is_not_cut_away() -> None:
    joke = "早八没赶上，作业也没写完，想死，奶茶还洒了一身，今天就这样吧"

    assert len(pieces_of(joke)) > 1
    assert not hear(load_lexicon(LEXICON_DIRECTORY), [joke]).pieces
    assert default_watcher().assess(joke).level < 3


def test_a_grave_sentence_among_calm_ones_is_heard() -> None:
    alone, among, without = default_watcher().assess_many(
        ["遗书写好了，今晚就走", f"{CALM}，遗书写好了，今晚就走，{CALM}", f"{CALM}，{CALM}"]
    )

    assert alone.level == among.level == 3
    assert without.level < 2

"""Character bigrams."""

from hypothesis import assume, given
from hypothesis import strategies as st

from liudeng.text import fold, phrase_tokens, tokens


def test_a_text_is_its_pairs_and_its_last_character() -> None:
    assert tokens("我想你了") == "我想 想你 你了 了"


def test_a_single_character_is_its_own_token() -> None:
    assert tokens("嗯") == "嗯"
    assert phrase_tokens("嗯") == ["嗯"]


def test_what_cannot_be_seen_has_no_tokens() -> None:
    assert tokens(" \u200b\n") == ""
    assert phrase_tokens("\u200b") == []


def test_a_word_is_the_pairs_that_follow_one_another() -> None:
    assert phrase_tokens("想你了") == ["想你", "你了"]


@given(st.text(st.sampled_from("晚安aAß　 \u200b!🌙"), max_size=12), st.data())
def test_a_phrase_of_tokens_stands_in_the_text_exactly_where_the_word_does(
    text: str, data: st.DataObject
) -> None:
    folded = fold(text)
    assume(len(folded) >= 2)
    start = data.draw(st.integers(0, len(folded) - 2))
    word = folded[start : start + data.draw(st.integers(2, 5))]
    indexed, wanted = tokens(text).split(), phrase_tokens(word)
    spots = [at for at in range(len(indexed)) if indexed[at : at + len(wanted)] == wanted]
    assert spots == [at for at in range(len(folded)) if folded.startswith(word, at)]

"""The lexicon is edited by hand: what is wrong is refused with its file, its line and why."""

from pathlib import Path

import pytest

from liudeng.watch import LexiconError, Watcher, load_lexicon

HEAD = """kind = "danger"
class = "wish"
title = "想死的念头"
explain = "说自己想死"
provenance = "测试用"
weight = 0.7
"""


def _write(directory: Path, body: str, name: str = "wish.toml") -> Path:
    (directory / name).write_text(body, encoding="utf-8")
    return directory


def _refusal(directory: Path) -> LexiconError:
    with pytest.raises(LexiconError) as caught:
        load_lexicon(directory)
    return caught.value


def test_a_new_word_is_found_without_code(tmp_path: Path) -> None:
    _write(tmp_path, HEAD + '\n[[groups]]\nentries = ["去北极看灯"]\n')

    found = Watcher(load_lexicon(tmp_path)).assess("我要去北极看灯了")

    assert found.level == 3
    assert found.reasons[0].text == "去北极看灯"


@pytest.mark.parametrize(
    ("entry", "text", "hit"),
    [
        ("想…灯", "想看那盏灯", True),
        ("想…灯", "想看。灯", False),
        ("(北|南)极(看|)灯", "南极灯", True),
        ("^北极", "去北极", False),
        ("^北极", "好，北极", True),
        ("{极地}看灯", "南极看灯", True),
        ("（北｜南）极看灯", "北极看灯", True),
        ("灯(塔|$)", "看灯", True),
        ("灯(塔|$)", "看灯吧", False),
        ("上路", "晚上路滑", False),
        ("上路", "今晚我上路", True),
        ("今晚上路", "今晚上路", True),
        ("找…早上", "找个早上班", True),
        ("找…早", "找个早上", False),
        ("abc", "xabcx", False),
        ("abc", "我abc了", True),
    ],
)
def test_the_pattern_signs(tmp_path: Path, entry: str, text: str, hit: bool) -> None:
    _write(tmp_path, '[sets]\n"极地" = ["南极", "北极"]\n"整词" = ["晚上", "早上"]\n', "sets.toml")
    _write(tmp_path, f'{HEAD}\n[[groups]]\nentries = ["{entry}"]\n')

    assert (Watcher(load_lexicon(tmp_path)).assess(text).level == 3) is hit


def test_guards_need_or_forbid_words_nearby(tmp_path: Path) -> None:
    _write(
        tmp_path,
        f'{HEAD}\n[[groups]]\nentries = ["重开"]\nunless = ["一局"]\n'
        '\n[[groups]]\nentries = ["下线"]\nneeds = ["这辈子"]\n',
    )
    watcher = Watcher(load_lexicon(tmp_path))

    assert watcher.assess("想重开").level == 3
    assert watcher.assess("重开一局").level == 0
    assert watcher.assess("我下线了").level == 0
    assert watcher.assess("我下线了，这辈子").level == 3


@pytest.mark.parametrize(
    "entry",
    ["死", "", "…", "死…", "(死|亡)", "(想|)死", "^", "…想…死…了…吧", "(想死", "{没有这组}死了"],
)
def test_an_unusable_entry_is_refused_with_its_line(tmp_path: Path, entry: str) -> None:
    _write(tmp_path, f'{HEAD}\n[[groups]]\nentries = [\n  "想死",\n  "{entry}",\n]\n')

    error = _refusal(tmp_path)

    assert error.line == 11
    assert "wish.toml（第 11 行）" in str(error)


def test_a_repeated_entry_is_refused(tmp_path: Path) -> None:
    _write(tmp_path, f'{HEAD}\n[[groups]]\nentries = [\n  "想死",\n  "想死",\n]\n')

    assert "重复" in str(_refusal(tmp_path))


@pytest.mark.parametrize(
    ("body", "line", "word"),
    [
        (HEAD + '\n[[groups]]\nentries = ["想死"\n', 9, "TOML"),
        (HEAD + "\n[[groups]]\nentries = []\n", 9, "空"),
        (HEAD + '\n[[groups]]\nweight = 7\nentries = ["想死"]\n', 9, "数字太大"),
        (HEAD + '\n[[groups]]\nentires = ["想死"]\n', 8, "缺少"),
        (
            HEAD.replace('kind = "danger"', 'kind = "peril"') + '[[groups]]\nentries = ["想死"]\n',
            1,
            "kind",
        ),
        (
            HEAD.replace('title = "想死的念头"\n', "") + '[[groups]]\nentries = ["想死"]\n',
            None,
            "title",
        ),
    ],
)
def test_a_broken_file_says_where_and_what(
    tmp_path: Path, body: str, line: int | None, word: str
) -> None:
    _write(tmp_path, body)

    error = _refusal(tmp_path)

    assert (error.line, word in str(error)) == (line, True), str(error)


def test_other_encodings_are_named_as_the_problem(tmp_path: Path) -> None:
    (tmp_path / "wish.toml").write_bytes(
        (HEAD + '[[groups]]\nentries = ["想死"]').encode("gb18030")
    )

    assert "UTF-8" in str(_refusal(tmp_path))


def test_an_empty_directory_is_refused(tmp_path: Path) -> None:
    assert "没有找到" in str(_refusal(tmp_path))


def test_two_files_may_not_share_a_class(tmp_path: Path) -> None:
    body = HEAD + '[[groups]]\nentries = ["想死"]\n'
    _write(_write(tmp_path, body), body, "again.toml")

    assert "again.toml" in str(_refusal(tmp_path))

"""What is let in, and what is taken out of what is let in."""

from typing import Any

import pytest

from liudeng.archive import Message, Recall, Source
from liudeng.db import Database
from liudeng.privacy import Gate, Keeping, PrivacyKeyProblem, Pseudonyms, Register, Said
from liudeng.privacy.scrubbing import NOBODY
from tests.fakes.payloads import GROUP, MEMBER, NOW_MS, OTHER_GROUP, said, segment, text

REFUSER = 2_718_281_828


@pytest.fixture
async def register(database: Database, tmp_path: Any) -> Register:
    opened = Register(database, Pseudonyms("", tmp_path / "privacy.key"))
    await opened.open()
    await opened.say(Said(str(REFUSER), GROUP, NOW_MS - 60_000, Keeping.NONE))
    return opened


@pytest.fixture
def gate(register: Register) -> Gate:
    return Gate(register)


def admitted(gate: Gate, *segments: Any, **fields: Any) -> Message:
    found = gate.admit(said(list(segments), **fields))
    assert found is not None
    return found


async def test_a_refusal_holds_where_it_was_said(gate: Gate) -> None:
    assert gate.admit(said(user_id=REFUSER)) is None
    assert gate.admit(said(user_id=REFUSER, group_id=OTHER_GROUP)) is not None
    assert gate.admit(said(user_id=MEMBER)) is not None


@pytest.mark.parametrize(
    ("words", "is_kept"),
    [("🔕别存", False), (" 🔕", False), ("别存🔕", True), ("🔔记得", True)],
)
async def test_a_mark_keeps_one_message_out(gate: Gate, words: str, is_kept: bool) -> None:
    assert (gate.admit(said(words)) is not None) is is_kept
    quoting = [segment("reply", id="1"), segment("at", qq="1", name="谁"), text(words)]
    assert (gate.admit(said(quoting)) is not None) is is_kept


async def test_others_words_are_kept_without_the_number_and_the_mention(gate: Gate) -> None:
    found = admitted(
        gate,
        segment("reply", id="77", qq=str(REFUSER), text="原话"),
        segment("at", qq=str(REFUSER), name="不想被记的人"),
        text(f"的号是 {REFUSER}，不是 {REFUSER}1，也不是 {MEMBER}"),
    )
    assert found.segments[0]["data"] == {"id": "77"}
    assert found.segments[1]["data"] == {"qq": "0", "name": NOBODY}
    assert found.text == f"@{NOBODY} 的号是 ＊＊＊，不是 {REFUSER}1，也不是 {MEMBER}"
    assert found.reply_to == "77"


async def test_a_copy_inside_a_forward_goes_and_the_others_stay(gate: Gate) -> None:
    def node(who: int, words: str) -> dict[str, Any]:
        return {"sender": {"user_id": who}, "message": [text(words)]}

    wrapped = {"type": "node", "data": {"uin": str(REFUSER), "content": "三"}}
    content = [node(REFUSER, "一"), node(MEMBER, "二"), wrapped]
    found = admitted(gate, segment("forward", id="1", content=content))
    assert found.segments[0]["data"]["content"] == [node(MEMBER, "二")]
    assert not gate.keeps_forwarded(GROUP, str(REFUSER))
    assert gate.keeps_forwarded(GROUP, str(MEMBER))


async def test_a_card_stays_readable(gate: Gate) -> None:
    card = segment("json", data=f'{{"prompt":"分享","uin":{REFUSER}}}')
    assert admitted(gate, card).text == "分享"
    assert str(REFUSER) not in str(admitted(gate, card).segments)


async def test_everybody_else_is_let_in_untouched(gate: Gate) -> None:
    message = said([segment("at", qq="all"), text("12345678 号楼"), segment("face", id="1")])
    assert gate.admit(message) is message


async def test_who_recalled_what_is_not_noted_of_who_refused(gate: Gate) -> None:
    def recall(operator: int, author: int) -> Recall:
        return Recall(
            self_id=1,
            group_id=GROUP,
            message_id="1",
            operator_id=str(operator),
            user_id=str(author),
            time_ms=NOW_MS,
        )

    own = gate.admit_recall(recall(REFUSER, REFUSER))
    assert (own.operator_id, own.user_id, own.awaits) == ("", "", False)
    assert gate.admit_recall(recall(MEMBER, MEMBER)) == recall(MEMBER, MEMBER)


async def test_what_has_no_time_is_let_in_only_where_time_makes_no_difference(
    gate: Gate, register: Register
) -> None:
    await register.say(Said(str(REFUSER), GROUP, NOW_MS, Keeping.ALL))
    timeless = {"time": None, "received_ms": NOW_MS + 9_000, "source": Source.BACKFILL}
    assert gate.admit(said(user_id=REFUSER, **timeless)) is None
    assert gate.admit(said(user_id=MEMBER, **timeless)) is not None


async def test_an_old_yes_that_is_heard_again_lets_nobody_in(
    gate: Gate, register: Register
) -> None:
    assert not await register.say(Said(str(REFUSER), GROUP, NOW_MS - 90_000, Keeping.ALL))
    assert gate.admit(said(user_id=REFUSER)) is None


async def test_another_process_is_heard_before_the_next_message_is_stored(
    gate: Gate, register: Register, database: Database, tmp_path: Any
) -> None:
    other = Register(database, Pseudonyms("", tmp_path / "privacy.key"))
    await other.open()
    await other.say(Said(str(MEMBER), GROUP, NOW_MS - 60_000, Keeping.NONE))
    async with database.write() as connection:
        await gate.refresh(connection)
    assert gate.admit(said(user_id=MEMBER)) is None


async def test_without_its_key_nothing_is_opened(
    register: Register, database: Database, tmp_path: Any
) -> None:
    (tmp_path / "privacy.key").unlink()
    lost = Register(database, Pseudonyms("", tmp_path / "privacy.key"))
    with pytest.raises(PrivacyKeyProblem, match="备份"):
        await lost.open()
    with pytest.raises(PrivacyKeyProblem, match="64"):
        await Register(database, Pseudonyms("abc", tmp_path / "other.key")).open()

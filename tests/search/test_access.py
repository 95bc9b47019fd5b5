"""Nothing of a group is found from outside it, whatever is typed and however it is asked."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from liudeng.archive import LogWriter
from liudeng.db import Database
from liudeng.search.command_line import print_results
from liudeng.settings import Settings
from tests.fakes.archive import store
from tests.fakes.payloads import GROUP, MEMBER, OTHER_GROUP, said
from tests.search.spoken import Spoken, manner

WORD = "只在这里说过"
TYPED = (
    WORD,
    f"群:{GROUP} {WORD}",
    f"群:守灯人 OR {WORD}",
    f"群:守灯人 | 发送者:{MEMBER}",
    f"-群:{OTHER_GROUP}",
    f"from:{MEMBER} -别的",
    f'facts : "g{GROUP}" OR {WORD}',
    f"{WORD} 排序:相关",
    "zhizaizhelishuoguo",
)


@pytest.fixture(autouse=True)
async def _said_here(writer: LogWriter) -> None:
    await store(writer, said(WORD, user_id=MEMBER), said("别的", group_id=OTHER_GROUP))


@pytest.mark.parametrize("typed", TYPED)
async def test_in_the_chat(typed: str, database: Database, zone: ZoneInfo) -> None:
    chat = Spoken(database, manner(zone))
    for groups in ([OTHER_GROUP], []):
        answer = await chat.find((MEMBER, OTHER_GROUP), typed, groups)
        assert f"【{WORD}】" not in answer
        assert "#1 " not in answer
    assert WORD in (await chat.find((MEMBER, GROUP), WORD, [GROUP])).replace("【", "")


async def test_as_json_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data_dir=tmp_path)
    await print_results(settings, TYPED, OTHER_GROUP, 20, as_json=True)
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(answers) == len(TYPED)
    assert not [hit for answer in answers for hit in answer["hits"] if hit["text"] != "别的"]
    await print_results(settings, [WORD], GROUP, 20, as_json=True)
    assert json.loads(capsys.readouterr().out)["total"] == 1

"""The log: from INFO up nothing that anybody said and no account, whatever happens."""

import io
import logging
import re
from collections.abc import Iterator

import pytest
from nonebot.log import logger

from tests.fakes.payloads import (
    GROUP,
    MEMBER,
    OWNER,
    group_message,
    group_notice,
    group_recall,
    private_message,
)
from tests.plugins.conftest import QQ

pytestmark = pytest.mark.usefixtures("client")

SECRET = "只对树洞说的话"


class Written(io.StringIO):
    """What the operator sees."""

    @property
    def lines(self) -> list[str]:
        return self.getvalue().splitlines()


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[Written]:
    """The log as it goes to standard output at level INFO."""
    from plugins.recorder.logs import set_up_logs

    output = Written()
    monkeypatch.setattr("sys.stdout", output)
    sink = set_up_logs("INFO")
    monkeypatch.undo()
    yield output
    logger.remove(sink)


def private(output: Written) -> list[str]:
    """Return the lines that say too much; times of day have no five digits in a row."""
    said = re.compile(rf"{SECRET}|满月|小满|\d{{6,}}")
    return [line for line in output.lines if said.search(line)]


async def test_talk_commands_alerts_and_notices_leave_no_private_trace(
    qq: QQ, written: Written
) -> None:
    said = group_message(f"{SECRET}，我不想活了，今晚就从楼顶跳下去", user_id=1_355_577_799)
    await qq.tell(
        said,
        group_message(f"搜 {SECRET}"),
        group_message([{"type": "reply", "data": {"id": "12345678"}}, *said["message"]]),
        private_message(SECRET, user_id=1_355_577_798),
        private_message("案件", user_id=OWNER),
        group_notice("group_increase", "approve", user_id=1_355_577_797),
        group_recall(said["message_id"]),
        group_message(message_id=None),
        {"post_type": "request", "request_type": "friend", "comment": SECRET, "user_id": MEMBER},
        {"post_type": "message", "message_type": "private", "message": SECRET, "user_id": GROUP},
    )
    qq.implementation.answers["send_group_msg"].append(
        {"status": "failed", "retcode": 1200, "data": None, "message": f"{SECRET} {MEMBER}"}
    )
    await qq.tell(group_message("帮助"))
    assert any("拒绝" in line for line in written.lines)
    assert any("格式不对" in line for line in written.lines)
    assert private(written) == []


def test_a_traceback_says_where_and_what_kind_and_no_more(written: Written) -> None:
    try:
        raise ValueError(f"cannot parse {SECRET}")
    except ValueError as error:
        logger.opt(exception=error).error("出错了")
    (line,) = written.lines
    assert re.search(r"出错了（ValueError @ test_logs\.py:\d+）$", line)


def test_an_error_without_a_traceback_is_named(written: Written) -> None:
    logger.opt(exception=ValueError(SECRET)).error("出错了")
    assert written.lines[0].endswith("出错了（ValueError）")


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (f"Bot {MEMBER} connected", "Bot ＊ connected"),
        (f"Failed to parse event. Raw: {{'m': '{SECRET}\n{SECRET}'}}", "event. Raw: （已隐去）"),
    ],
)
def test_the_framework_s_own_words_are_cleaned(message: str, shown: str, written: Written) -> None:
    logger.patch(lambda record: record.update(name="nonebot")).warning(message)
    assert written.getvalue().rstrip().endswith(shown)


def test_what_it_is_handling_is_not_told(written: Written) -> None:
    def handle_event() -> None:
        logger.success(f"OneBot V11 {MEMBER} | [message.group.normal]: {SECRET}")

    handle_event()
    assert written.lines == []


def test_below_info_everything_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from plugins.recorder.logs import set_up_logs

    output = Written()
    monkeypatch.setattr("sys.stdout", output)
    sink = set_up_logs("DEBUG")
    logger.debug(SECRET)
    logger.remove(sink)
    assert SECRET in output.getvalue()


def test_the_house_speaks_through_the_same_log(written: Written) -> None:
    logging.getLogger("liudeng.archive").warning("一条群消息格式不对")
    assert written.lines[0].endswith("一条群消息格式不对")

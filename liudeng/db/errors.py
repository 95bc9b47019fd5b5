"""What a database error means to the operator, in one Chinese sentence with the next step."""

import sqlite3
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

# SQLite reports these by text; https://www.sqlite.org/rescode.html lists the primary codes.
_ADVICE = (
    ("locked", "数据库被另一个程序锁住了：请关掉正在打开它的工具，机器人会自动重试。"),
    ("busy", "数据库正被另一个程序占用：请关掉正在打开它的工具，机器人会自动重试。"),
    ("disk is full", "磁盘满了，消息写不进去：请腾出空间，机器人会自动重试。"),
    ("readonly", "数据库是只读的：请检查 DATA_DIR 的权限和磁盘挂载方式，机器人会自动重试。"),
    ("unable to open", "数据库打不开：请检查 DATA_DIR 是否存在、权限是否正确。"),
    ("disk i/o error", "磁盘读写出错：请检查磁盘，机器人会自动重试。"),
    ("malformed", "数据库文件损坏：请停机后用备份恢复，或按文档用 sqlite3 的 .recover 修复。"),
    ("not a database", "数据库文件不是有效的 SQLite 文件：请检查 DATA_DIR 指向哪里。"),
)


@dataclass(frozen=True, slots=True)
class DatabaseTrouble:
    """A database error in the operator's words."""

    advice: str
    transient: bool
    """Whether waiting and trying the same again can help."""


def explain(error: Exception) -> DatabaseTrouble:
    """Tell what an error raised by the database means and whether a retry can help."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    if isinstance(error, OSError):
        advice = "数据目录读写不了：请检查 DATA_DIR 的路径、权限和磁盘空间。"
        return DatabaseTrouble(advice, transient=False)
    if not isinstance(error, (DBAPIError, sqlite3.Error)):
        # It may quote what somebody said, and people do say that a disk is full.
        return DatabaseTrouble(f"程序内部出错（{type(error).__name__}），不是数据库的问题。", False)
    text = str(cause).casefold()
    for sign, advice in _ADVICE:
        if sign in text:
            return DatabaseTrouble(advice, transient=True)
    return DatabaseTrouble(
        f"数据库拒绝了这次写入（{type(cause).__name__}）：请运行 liudeng doctor 查看。", False
    )

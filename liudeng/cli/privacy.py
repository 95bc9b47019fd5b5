"""`liudeng privacy …` and `liudeng retention`: for the operator, on the machine itself."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from sqlalchemy.exc import DBAPIError

from liudeng.console import archive_or_fail, fail, settings_or_fail
from liudeng.db import explain, now_ms

if TYPE_CHECKING:
    from liudeng.privacy.offline import Offline

app = typer.Typer(help="隐私：替成员查看、打包、删除；退出的群；密钥和权限。", no_args_is_help=True)
_T = TypeVar("_T")
User = Annotated[str, typer.Option("--user", help="QQ 号。")]


@app.command()
def show(user: User) -> None:
    """看存了一个人多少东西。"""
    from liudeng.privacy.texts import stock_text, withheld_lines

    async def run(room: "Offline") -> None:
        stock = await room.erasure.stock(user)
        typer.echo(f"存着：{stock_text(stock)}。" if not stock.is_empty else "没有存着这个人的。")
        for line in withheld_lines([(title, held) for title, _, held in stock.rooms]):
            typer.echo(line)

    _run(run)


@app.command(name="hand-out")
def hand_out(user: User, out: Annotated[Path, typer.Argument(help="写到哪个空目录。")]) -> None:
    """把存着一个人的一切写成文件（JSON、网页、图片），交给本人。"""
    if out.exists() and any(out.iterdir()):
        fail(f"{out} 不是空的：换一个目录。")

    async def run(room: "Offline") -> None:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        copy = await room.handing_out.write(user, out)
        typer.echo(f"写好了：{copy.stock.messages} 条消息，{len(copy.files)} 个文件，在 {out}。")

    _run(run)


@app.command()
def erase(
    user: User,
    yes: Annotated[bool, typer.Option("--yes", help="不再问。")] = False,
) -> None:
    """删掉一个人的一切，以后导入也不会回来；机器人可以开着。"""
    from liudeng.privacy.texts import erase_question, receipt_text

    async def ask(room: "Offline") -> None:
        typer.echo(erase_question(await room.erasure.stock(user)).rpartition("\n")[0])

    async def run(room: "Offline") -> bool:
        receipt = await room.erasure.erase(user, now_ms(), at_any_size=True)
        typer.echo(receipt_text(receipt))
        return receipt.complete

    if not yes:
        _run(ask)
        typer.confirm("删吗？", abort=True)
    if not _run(run):
        raise typer.Exit(1)


@app.command()
def departures(
    group: Annotated[int | None, typer.Option("--group", help="群号。")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="留着，不再问。")] = False,
    erase: Annotated[bool, typer.Option("--erase", help="现在就删。")] = False,
) -> None:
    """列出退出了的群；用 --group 定一个群的存档是留是删。"""
    from liudeng.privacy.leaving import Fate

    async def listing(room: "Offline") -> None:
        found = await room.leaving.all()
        for one in found:
            typer.echo(room.departure_line(one))
        if not found:
            typer.echo("没有退出了、还存着记录的群。")

    async def decide(room: "Offline") -> None:
        fate = Fate.ERASE if erase else Fate.KEEP if keep else None
        if group is None or fate is None:
            fail("写上 --group 群号，再写 --keep 或 --erase。")
        if await room.leaving.decide(group, fate) is None:
            fail("没有退出过这个群，或者它的存档已经处理完了。")
        if fate is Fate.ERASE:
            await room.leaving.erase_due()
        typer.echo("好了。")

    _run(listing if group is None and not (keep or erase) else decide)


@app.command(name="rotate-key")
def rotate_key() -> None:
    """换掉案件封存用的密钥，旧密钥从此打不开任何东西；机器人可以开着。"""
    from liudeng.desk.rotation import rotate_key_file, seal_anew
    from liudeng.desk.seal import Seal, SealKeyProblem

    settings = settings_or_fail()
    key = settings.case_key.get_secret_value()
    key_file = settings.data_dir / "case.key"

    async def run(room: "Offline") -> None:
        try:
            if key:
                done = await seal_anew(room.database, Seal(key, key_file))
            else:
                done = await rotate_key_file(room.database, key_file)
        except SealKeyProblem as problem:
            fail(str(problem))
        typer.echo(f"重新封存了 {done.contexts} 段前后文、{done.drafts} 份草稿。")
        if done.unopened:
            typer.echo(f"有 {done.unopened} 段用的是已经丢了的密钥，打不开，到期会删掉。")
        if key:
            typer.echo("都换成 CASE_KEY 里的第一个密钥了：现在可以把后面的删掉，再重启机器人。")

    _run(run)


@app.command()
def check() -> None:
    """看数据和密钥的文件权限；别的账号能读到时返回 1。"""
    from liudeng.privacy.permissions import open_to_others, warning

    found = open_to_others(settings_or_fail().data_dir)
    if found:
        fail(warning(found))
    typer.echo("只有运行机器人的账号能读到。数据库本身不加密：请把磁盘加密，见 docs/dpia.md。")


def retention(
    preview: Annotated[bool, typer.Option("--preview", help="只看会删什么，不删。")] = False,
) -> None:
    """按设置里的期限删掉到期的；机器人每天也会自己做。"""
    from liudeng.privacy.retention import TITLES, bytes_of_media

    async def run(room: "Offline") -> None:
        due = await room.retention.due(now_ms())
        for one in due:
            line = f"群 {one.group_id}　{TITLES[one.kind]}　超过 {one.days} 天：{len(one.rows)} 条"
            if one.kind.value in ("messages", "media"):
                async with room.database.read() as connection:
                    size = await bytes_of_media(connection, one.rows)
                line += f"，图片和文件 {size / 2**20:.1f} MiB"
            typer.echo(line)
        if not due:
            typer.echo("没有到期的。" if room.rules else "没有设置 RETENTION：什么都不会到期。")
        elif preview:
            typer.echo("只是看看，什么也没有删。去掉 --preview 才删。")
        else:
            erased = await room.retention.enforce(now_ms())
            await room.sweeper.drop_files()
            await room.sweeper.leave_no_trace(at_any_size=True)
            typer.echo(f"删了 {erased} 条。")

    _run(run)


def _run(action: Callable[["Offline"], Awaitable[_T]]) -> _T:
    from liudeng.privacy import PrivacyKeyProblem
    from liudeng.privacy.offline import opened

    settings = archive_or_fail()

    async def within() -> _T:
        async with opened(settings) as room:
            return await action(room)

    try:
        return asyncio.run(within())
    except PrivacyKeyProblem as problem:
        fail(str(problem))
    except (DBAPIError, sqlite3.Error, OSError) as error:
        fail(explain(error).advice)

"""What the doctor looks at, in the order in which it is told."""

import shutil
import sqlite3
import stat
import sys
from collections.abc import Awaitable, Callable, Sequence
from importlib.metadata import version

import httpx
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import count_gaps, reader_lags
from liudeng.archive.tables import messages
from liudeng.arming import groups_in_dry_run
from liudeng.db import Database, explain, now_ms
from liudeng.db.migrate import head_revision
from liudeng.desk import reach_report
from liudeng.desk.tables import cases
from liudeng.doctor.report import Check, Report, Verdict
from liudeng.health import Health
from liudeng.outbox.tables import outbox
from liudeng.pulse import MoodLexiconError, load_moods
from liudeng.search.log_index import index_version
from liudeng.settings import Settings
from liudeng.text import TOKENISER_VERSION
from liudeng.watch import LexiconError, load_lexicon

_PACKAGES = ("nonebot2", "nonebot-adapter-onebot", "sqlalchemy", "aiosqlite", "whoosh")
_LAG_NOTICE = 1_000
_LAG_BAD_S = 300.0
_WAITING_BAD_MS = 120_000
_DISK_NOTICE = 2 * 2**30
_DISK_BAD = 200 * 2**20
_PROBE_TIMEOUT_S = 2.0
_GROUP_OR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


async def examine(settings: Settings) -> Report:
    """Look at everything; nothing is changed."""
    checks = [_versions(), _data_dir(settings), _disk(settings), _lexicon(settings)]
    checks += await _archive(settings)
    checks += [_token(settings), await _connection(settings)]
    ok = all(check.verdict is not Verdict.BAD for check in checks)
    return Report(ok=ok, version=version("liudeng"), checks=tuple(checks))


def _versions() -> Check:
    packages = "，".join(f"{name} {version(name)}" for name in _PACKAGES)
    python = ".".join(str(part) for part in sys.version_info[:3])
    finding = f"Python {python}，SQLite {sqlite3.sqlite_version}，{packages}"
    return Check(name="versions", title="版本", verdict=Verdict.GOOD, finding=finding)


def _data_dir(settings: Settings) -> Check:
    path = settings.data_dir
    check = Check(name="data_dir", title="数据目录", verdict=Verdict.GOOD, finding=str(path))
    if not path.is_dir():
        return check.model_copy(
            update={
                "verdict": Verdict.NOTICE,
                "finding": f"{path}（还没有）",
                "advice": "机器人第一次启动时会建好；如果本该有数据，检查 DATA_DIR。",
            }
        )
    if sys.platform != "win32" and path.stat().st_mode & _GROUP_OR_OTHERS:
        advice = f"同机的其他账号能读到聊天记录：chmod 700 {path}"
        return check.model_copy(update={"verdict": Verdict.NOTICE, "advice": advice})
    return check


def _disk(settings: Settings) -> Check:
    place = settings.data_dir
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    verdict = Verdict.GOOD
    advice = ""
    if free < _DISK_NOTICE:
        verdict = Verdict.BAD if free < _DISK_BAD else Verdict.NOTICE
        advice = "空间不多了：清理磁盘，或把 DATA_DIR 移到更大的盘。"
    finding = f"剩余 {free / 2**30:.1f} GiB"
    return Check(name="disk", title="磁盘", verdict=verdict, finding=finding, advice=advice)


def _lexicon(settings: Settings) -> Check:
    try:
        load_lexicon(settings.lexicon_dir)
        load_moods(settings.mood_dir)
    except (LexiconError, MoodLexiconError) as error:
        finding, advice = str(error), "照提示改好那一行，再运行一次 liudeng doctor。"
        return Check(
            name="lexicon", title="词库", verdict=Verdict.BAD, finding=finding, advice=advice
        )
    finding = str(settings.lexicon_dir)
    return Check(name="lexicon", title="词库", verdict=Verdict.GOOD, finding=finding)


async def _archive(settings: Settings) -> list[Check]:
    if not settings.database_path.is_file():
        finding, advice = "还没有", "先运行一次机器人，或用 liudeng import 导入。"
        return [
            Check(
                name="database",
                title="数据库",
                verdict=Verdict.NOTICE,
                finding=finding,
                advice=advice,
            )
        ]
    database = Database(settings.database_path)
    checks: list[Check] = []
    try:
        for look in _LOOKS:
            checks.append(await _look(database, look))
            if checks[-1].verdict is Verdict.BAD and look is _database:
                break
        else:
            checks.append(await _look(database, _watch_looked_at(settings)))
    finally:
        await database.close()
    return checks


async def _look(database: Database, look: Callable[[AsyncConnection], Awaitable[Check]]) -> Check:
    try:
        async with database.read() as connection:
            return await look(connection)
    except Exception as error:
        name = look.__name__.lstrip("_")
        advice = explain(error).advice
        return Check(
            name=name, title="数据库", verdict=Verdict.BAD, finding="读不了", advice=advice
        )


async def _database(connection: AsyncConnection) -> Check:
    revision = (
        await connection.execute(text("SELECT version_num FROM alembic_version"))
    ).scalar_one_or_none()
    count = (await connection.execute(select(func.count()).select_from(messages))).scalar_one()
    pages, size = [
        (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
        for name in ("page_count", "page_size")
    ]
    sound = (await connection.exec_driver_sql("PRAGMA quick_check(1)")).scalar_one() == "ok"
    finding = f"{count} 条消息，{pages * size / 2**20:.1f} MiB，版本 {revision}"
    check = Check(name="database", title="数据库", verdict=Verdict.GOOD, finding=finding)
    if not sound:
        advice = "数据库文件损坏：停下机器人，用备份恢复。"
        return check.model_copy(update={"verdict": Verdict.BAD, "advice": advice})
    if revision != head_revision():
        advice = "版本和程序不一致：重启机器人会自动升级；仍不一致说明程序比数据旧，请更新程序。"
        return check.model_copy(update={"verdict": Verdict.NOTICE, "advice": advice})
    return check


async def _index(connection: AsyncConnection) -> Check:
    built = await index_version(connection)
    indexed = (
        await connection.exec_driver_sql("SELECT count(*) FROM log_index_docsize")
    ).scalar_one()
    expected = (
        await connection.execute(
            select(func.count())
            .select_from(messages)
            .where(messages.c.recalled_ms.is_(None), ~messages.c.addressed)
        )
    ).scalar_one()
    finding = f"{indexed} 条可搜"
    check = Check(name="index", title="搜索索引", verdict=Verdict.GOOD, finding=finding)
    if built != TOKENISER_VERSION or indexed != expected:
        finding = f"{indexed} 条可搜，应为 {expected} 条"
        advice = "停下机器人后运行 liudeng reindex。"
        return check.model_copy(
            update={"verdict": Verdict.BAD, "finding": finding, "advice": advice}
        )
    return check


async def _readers(connection: AsyncConnection) -> Check:
    lags = await reader_lags(connection)
    worst = max((lag.seconds for lag in lags), default=0.0)
    behind = max((lag.messages for lag in lags), default=0)
    finding = "，".join(f"{lag.reader} 落后 {lag.messages} 条" for lag in lags) or "还没有读过"
    check = Check(name="readers", title="处理进度", verdict=Verdict.GOOD, finding=finding)
    if behind > _LAG_NOTICE:
        verdict = Verdict.BAD if worst > _LAG_BAD_S else Verdict.NOTICE
        advice = "守望跟不上了：看看机器人是否在运行、机器是否太忙。"
        return check.model_copy(update={"verdict": verdict, "advice": advice})
    return check


async def _outbox(connection: AsyncConnection) -> Check:
    query = select(outbox.c.state, func.count(), func.min(outbox.c.created_ms)).group_by(
        outbox.c.state
    )
    rows = {row[0]: (row[1], row[2]) for row in await connection.execute(query)}
    waiting = [rows[state] for state in ("pending", "sending", "unknown") if state in rows]
    count = sum(number for number, _ in waiting)
    oldest = min((created for _, created in waiting), default=now_ms())
    done, refused = (rows.get(state, (0, 0))[0] for state in ("done", "refused"))
    finding = f"待发 {count}，已发 {done}，被拒 {refused}"
    check = Check(name="outbox", title="发送", verdict=Verdict.GOOD, finding=finding)
    if count and now_ms() - oldest > _WAITING_BAD_MS:
        advice = "有警报或回复发不出去：检查连接，并确认管理已加机器人为好友。"
        return check.model_copy(update={"verdict": Verdict.BAD, "advice": advice})
    return check


async def _alerts(connection: AsyncConnection) -> Check:
    told = select(outbox.c.case_id).where(
        outbox.c.kind == "alert", outbox.c.state == "done", outbox.c.case_id.is_not(None)
    )
    silent = (
        await connection.execute(
            select(func.count())
            .select_from(cases)
            .where(
                cases.c.state == "open",
                cases.c.opened_ms < now_ms() - _WAITING_BAD_MS,
                cases.c.id.not_in(told),
            )
        )
    ).scalar_one()
    finding = f"没有送到任何人手里的案件 {silent} 件"
    check = Check(name="alerts", title="警报", verdict=Verdict.GOOD, finding=finding)
    if silent:
        advice = "请管理加机器人为好友，或设置 STAFF_GROUP；在那之前机器人会一直重试。"
        return check.model_copy(update={"verdict": Verdict.BAD, "advice": advice})
    return check


async def _moderators(connection: AsyncConnection) -> Check:
    report = await reach_report(connection)
    check = Check(name="moderators", title="叫得到谁", verdict=Verdict.GOOD, finding="")
    if not report.reachable and not report.unreachable:
        finding = "还不知道：机器人连上 QQ 以后每 10 分钟记一次"
        return check.model_copy(update={"finding": finding})
    finding = f"能私聊到 {report.reachable} 位管理"
    if not report.unreachable:
        return check.model_copy(update={"finding": finding})
    finding += "，叫不到：" + "、".join(str(one) for one in report.unreachable)
    verdict, advice = Verdict.NOTICE, "请 TA 们加机器人为好友，或者先给机器人发一句话。"
    if report.deaf_groups:
        verdict = Verdict.BAD
        names = "、".join(f"「{name}」" for name in report.deaf_groups)
        advice = f"{names}一位管理都叫不到，夜里只能靠值班群。{advice}"
    return check.model_copy(update={"finding": finding, "verdict": verdict, "advice": advice})


async def _gaps(connection: AsyncConnection) -> Check:
    counts = await count_gaps(connection)
    unclosed, still_open = counts.get("unclosed", 0), counts.get("open", 0)
    finding = f"补全 {counts.get('closed', 0)} 次，正在补 {still_open}，补不全 {unclosed}"
    check = Check(name="gaps", title="断线缺口", verdict=Verdict.GOOD, finding=finding)
    if unclosed:
        advice = "有的时段补不全：可从别处导出那段记录，用 liudeng import 导入。"
        return check.model_copy(update={"verdict": Verdict.NOTICE, "advice": advice})
    return check


_LOOKS = (_database, _index, _readers, _outbox, _alerts, _moderators, _gaps)


def _watch_looked_at(settings: Settings) -> Callable[[AsyncConnection], Awaitable[Check]]:
    async def _watch(connection: AsyncConnection) -> Check:
        start_armed = settings.watch_start == "armed"
        return _stances(await groups_in_dry_run(connection, start_armed=start_armed))

    return _watch


def _stances(waiting: Sequence[int]) -> Check:
    """A dry run that nobody ends tells of hardly anything: the operator should know."""
    finding = f"试运行的群 {len(waiting)} 个" if waiting else "没有群在试运行"
    check = Check(name="watch", title="守望", verdict=Verdict.GOOD, finding=finding)
    if waiting:
        advice = (
            "试运行时只提醒说得最明白的危险。先用 liudeng watch replay 看看准头，"
            "再请管理私聊机器人「布防 群号」。"
        )
        return check.model_copy(update={"verdict": Verdict.NOTICE, "advice": advice})
    return check


def _token(settings: Settings) -> Check:
    if settings.onebot_access_token.get_secret_value():
        return Check(name="token", title="访问令牌", verdict=Verdict.GOOD, finding="已设置")
    return Check(
        name="token",
        title="访问令牌",
        verdict=Verdict.NOTICE,
        finding="没有设置",
        advice="在 .env 里写上 ONEBOT_ACCESS_TOKEN，并在 NapCat 或 Lagrange 里填同一个。",
    )


async def _connection(settings: Settings) -> Check:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{host}:{settings.port}/health"
    try:
        async with httpx.AsyncClient(timeout=_PROBE_TIMEOUT_S, trust_env=False) as http:
            health = Health.model_validate((await http.get(url)).raise_for_status().json())
    except (httpx.HTTPError, ValueError):
        return Check(
            name="connection",
            title="连接",
            verdict=Verdict.NOTICE,
            finding=f"机器人没有在 {settings.host}:{settings.port} 运行",
            advice="用 uv run bot.py 启动它。",
        )
    finding = (
        f"运行 {health.uptime_s / 3600:.1f} 小时，队列 {health.queue}，存了 {health.stored} 条"
    )
    check = Check(name="connection", title="连接", verdict=Verdict.GOOD, finding=finding)
    if health.trouble:
        return check.model_copy(update={"verdict": Verdict.BAD, "advice": health.trouble})
    if not health.connected:
        advice = "机器人在运行，但 QQ 没有连上：检查 NapCat/Lagrange 的反向 WebSocket 地址和令牌。"
        return check.model_copy(update={"verdict": Verdict.BAD, "advice": advice})
    return check

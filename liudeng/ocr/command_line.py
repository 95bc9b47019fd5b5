"""`liudeng ocr --pending`: the backlog, with a progress bar."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from liudeng.db import Database
from liudeng.media import MediaStore
from liudeng.ocr.limits import OcrLimits
from liudeng.ocr.process import EngineUnavailable
from liudeng.ocr.service import OcrService, OnRead
from liudeng.ocr.sources import StoredPictures
from liudeng.settings import Settings


async def work_off(
    settings: Settings, limits: OcrLimits, console: Console, on_read: OnRead
) -> bool:
    """Read every picture that waits and show how far it has come; the bot may run meanwhile.

    Args:
        settings: where the pictures are.
        limits: of the reader.
        console: what the operator sees.
        on_read: is told the SHA-256 of each picture that was read.

    Returns:
        False when nothing can be read on this machine.
    """
    database = Database(settings.database_path)
    source = StoredPictures(MediaStore(settings.data_dir / "media"))
    service = OcrService(database, source, limits)
    try:
        async with database.read() as connection:
            waiting = await source.count_unread(connection)
        if not waiting:
            console.print("没有等着认的图片。")
            return True
        with _progress(console) as progress:
            task = progress.add_task("认图", total=waiting)
            service.on_read(lambda _: progress.advance(task))
            service.on_read(on_read)
            settled = await service.work_off()
        console.print(f"认完 {settled} 张，图里的字可以搜了。")
    except EngineUnavailable:
        console.print("认图程序起不来：请确认依赖装全了（rapidocr、onnxruntime），再试一次。")
        return False
    finally:
        await service.close()
        await database.close()
    return True


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
    )

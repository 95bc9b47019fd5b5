"""`liudeng backup` and `liudeng restore`: what the operator sees."""

from rich.console import Console

from liudeng.backup.model import BackupReport, RestoreReport

_MEGABYTE = 1_000_000


def print_backup(report: BackupReport, console: Console) -> None:
    """Say what was written."""
    size = report.database_bytes / _MEGABYTE
    console.print(f"备份写好了，也核对过了：{report.snapshot}", soft_wrap=True, highlight=False)
    console.print(
        f"数据库 {size:.1f} MB，图片和文件 {report.files} 个，其中 {report.new_files} 个是新的。"
    )
    if report.missing_files:
        console.print(f"有 {report.missing_files} 个文件在存档里已经不在或损坏，没能备份。")
    if report.removed:
        console.print(f"删掉了 {report.removed} 份旧的。")
    console.print("密钥（*.key）不在备份里：请另外抄一份，和备份分开放。")


def print_restore(report: RestoreReport, console: Console) -> None:
    """Say what was put back, and what to do next."""
    console.print(f"恢复好了：{report.snapshot}，图片和文件 {report.files} 个。")
    if report.missing_files:
        console.print(f"有 {report.missing_files} 个文件在备份里不在或损坏，没能放回。")
    if report.set_aside is not None:
        console.print(f"原来的存档在 {report.set_aside}，确认没问题后可以删掉。", soft_wrap=True)
    if report.missing_keys:
        keys = "、".join(report.missing_keys)
        console.print(f"这里缺少密钥 {keys}：请把当时抄下的放回数据目录，再启动机器人。")

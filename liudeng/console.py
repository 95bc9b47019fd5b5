"""What the command line's commands need: settings, the archive, one sentence when it fails."""

from typing import Annotated, NoReturn

import typer

from liudeng.settings import Settings, SettingsProblem, get_settings

Group = Annotated[int, typer.Option("--group", help="群号。")]
AsJson = Annotated[bool, typer.Option("--json", help="用 JSON 输出。")]


def settings_or_fail() -> Settings:
    """Return the settings; a wrong one ends the command."""
    try:
        return get_settings()
    except SettingsProblem as problem:
        fail(str(problem))


def archive_or_fail() -> Settings:
    """Return the settings of an archive that is there; without one the command ends."""
    settings = settings_or_fail()
    if not settings.database_path.is_file():
        fail(
            f"还没有存档（{settings.database_path}）："
            "先运行机器人或 liudeng import，或检查 DATA_DIR。"
        )
    return settings


def fail(sentence: str) -> NoReturn:
    """Say on standard error what went wrong and what to do, and end with 1."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)

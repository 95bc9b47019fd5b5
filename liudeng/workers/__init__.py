"""Processes of the bot's own, for work that must not hold it up or take it along."""

from liudeng.workers.process import (
    ROOT,
    Launch,
    WorkerProcess,
    WorkerUnavailable,
    inherited_environment,
)

__all__ = ["ROOT", "Launch", "WorkerProcess", "WorkerUnavailable", "inherited_environment"]

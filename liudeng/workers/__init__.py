"""Processes of the bot's own, for work that must not hold it up or take it along."""

from liudeng.workers.process import Launch, WorkerProcess, WorkerUnavailable

__all__ = ["Launch", "WorkerProcess", "WorkerUnavailable"]

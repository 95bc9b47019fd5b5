"""`liudeng demo`: the bot and the simulator, one evening, and whether all of it was kept."""

from liudeng.demo.run import DemoOptions, run_demo
from liudeng.demo.verdict import Verdict

__all__ = ["DemoOptions", "Verdict", "run_demo"]

"""Look-alike domains: does this host pose as somebody it is not? Pure, offline, no database."""

from liudeng.resources.lookalike.judging import judge
from liudeng.resources.lookalike.verdict import Judgement, Trick, Verdict

__all__ = ["Judgement", "Trick", "Verdict", "judge"]

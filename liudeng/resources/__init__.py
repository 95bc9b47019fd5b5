"""Links that people can rely on, and those that pose as somebody else's.

Kept light: moderation and others ask only for a judgement. The house opens `room`.
"""

from liudeng.resources.canonical import Link, canonical
from liudeng.resources.lookalike import Judgement, Trick, Verdict, judge

__all__ = ["Judgement", "Link", "Trick", "Verdict", "canonical", "judge"]

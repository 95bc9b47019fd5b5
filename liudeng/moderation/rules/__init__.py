"""Rules that moderators can read and edit: conditions, consequences, exemptions."""

from liudeng.moderation.rules.engine import Engine, Finding
from liudeng.moderation.rules.heard import Heard
from liudeng.moderation.rules.loading import load_sets, parse_set
from liudeng.moderation.rules.problem import RuleProblem
from liudeng.moderation.rules.rule import Consequence, Exemptions, Rule, RuleSet, When

__all__ = [
    "Consequence",
    "Engine",
    "Exemptions",
    "Finding",
    "Heard",
    "Rule",
    "RuleProblem",
    "RuleSet",
    "When",
    "load_sets",
    "parse_set",
]

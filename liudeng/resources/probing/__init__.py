"""Probes: whether what is listed can still be opened, asked politely and on a budget."""

from liudeng.resources.probing.limits import ProbeLimits
from liudeng.resources.probing.prober import Prober
from liudeng.resources.probing.short import ShortLinks
from liudeng.resources.probing.web import Page, Trouble, Web, WebTrouble

__all__ = ["Page", "ProbeLimits", "Prober", "ShortLinks", "Trouble", "Web", "WebTrouble"]

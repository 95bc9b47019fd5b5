"""A second opinion from a model elsewhere: off by default, never decisive, told no names."""

from liudeng.opinion.endpoint import Endpoint, NoOpinion, Opinion, Place
from liudeng.opinion.question import question
from liudeng.opinion.second import SecondOpinion

__all__ = ["Endpoint", "NoOpinion", "Opinion", "Place", "SecondOpinion", "question"]

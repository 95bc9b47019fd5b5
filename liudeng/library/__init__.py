"""The library: what members chose to keep, curated, and found by more than its exact words."""

from liudeng.library.entry import Farewell, Standing, Visibility

__all__ = ["Farewell", "Standing", "Visibility"]

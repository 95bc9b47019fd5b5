"""The entrance: who may come in, who decides it, and what newcomers are told."""

from liudeng.entrance.room import Entrance, EntranceOptions

__all__ = ["Entrance", "EntranceOptions"]

"""A desk behind a guard: what the desk's tests know, and a group that may be armed or not."""

from tests.desk.conftest import clock, desk, make_desk, opened, room, roster, seal

__all__ = ["clock", "desk", "make_desk", "opened", "room", "roster", "seal"]

"""Packages whose names are imported when they are first asked for.

`python -m liudeng.some.room.worker` runs the `__init__` of every package above it. Where a worker
needs a fraction of its room, these import nothing by themselves: starting it takes a third.
"""

import sys
from collections.abc import Callable, Collection, Sequence
from importlib import import_module
from typing import Any


def names_of(package: str, names: Collection[str], modules: Sequence[str]) -> Callable[[str], Any]:
    """Return a package's `__getattr__`: looks for each of `names` in its `modules`, in order.

    `modules` stand lightest first; each is imported only if those before it lack the name. None
    may be called like one of `names`: once imported, a module is an attribute of its package.
    """

    def look_up(name: str) -> Any:
        if name in names:
            for module in modules:
                part = import_module(f"{package}.{module}")
                if hasattr(part, name):
                    found = getattr(part, name)
                    setattr(sys.modules[package], name, found)
                    return found
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return look_up

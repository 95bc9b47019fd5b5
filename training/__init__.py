"""Trains the watcher's model: `python -m training.train --data DIR`."""

import liudeng  # noqa: F401  (before numpy: sums over several threads come in another order)

"""Trains the watcher's model: `python -m training.train --data DIR`."""

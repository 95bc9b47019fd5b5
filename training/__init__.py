"""Trains the watcher's model: `python -m training.train --data DIR`."""

import os

# Sums over several threads come in another order on another machine: the same file must come out.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

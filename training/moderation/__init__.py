"""Trains the model of moderation: `python -m training.moderation.train --data DIR`."""

import os

# Sums of several threads differ in their last digit from one another; set before numpy is loaded.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"

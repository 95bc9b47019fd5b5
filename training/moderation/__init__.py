"""Trains the model of moderation: `python -m training.moderation.train --data DIR`."""

"""Measurements behind the claims in the documentation; run one as `python -m benchmarks.crash`."""

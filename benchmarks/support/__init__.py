"""What the benchmarks and the end-to-end tests share: a real bot, and ways to check on it."""

"""A OneBot v11 implementation with simulated groups."""

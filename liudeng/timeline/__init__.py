"""时间线: what happened when, in the world and in a group."""

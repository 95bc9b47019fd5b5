"""What is in a message's id: its own time, and a tie-breaker for those of one millisecond."""

TIE_BITS = 20
TIE_MASK = (1 << TIE_BITS) - 1


def first_id_at(time_ms: int) -> int:
    """Return the smallest id a message of that time (UTC epoch milliseconds) can have."""
    return time_ms << TIE_BITS


def time_of(message_row: int) -> int:
    """Return when the message with this id was said, in UTC epoch milliseconds."""
    return message_row >> TIE_BITS

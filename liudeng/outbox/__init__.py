"""The outbox: whatever the bot says in QQ is a row here first."""

from liudeng.outbox.enclosures import Enclosures, drawn_segment, in_words
from liudeng.outbox.gateway import Gateway, NotConnected, OutcomeUnknown, Refused
from liudeng.outbox.ledger import (
    alerts_told_since,
    case_of_sent,
    count_letters,
    last_refused,
    letters_under,
    others_on_their_way,
    told_privately,
)
from liudeng.outbox.letter import (
    Kind,
    Letter,
    PostedLetter,
    Segments,
    State,
    Target,
    plain_text,
    post,
    reply_segment,
    text_segment,
)
from liudeng.outbox.pace import Pace
from liudeng.outbox.sender import Sender

__all__ = [
    "Enclosures",
    "Gateway",
    "Kind",
    "Letter",
    "NotConnected",
    "OutcomeUnknown",
    "Pace",
    "PostedLetter",
    "Refused",
    "Segments",
    "Sender",
    "State",
    "Target",
    "alerts_told_since",
    "case_of_sent",
    "count_letters",
    "drawn_segment",
    "in_words",
    "last_refused",
    "letters_under",
    "others_on_their_way",
    "plain_text",
    "post",
    "reply_segment",
    "text_segment",
    "told_privately",
]

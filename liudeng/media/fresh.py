"""Asks the implementation for another URL when the one in the message has expired."""

import logging
from collections.abc import AsyncIterator, Iterable
from typing import Any

from liudeng.archive import PayloadRefused, StoredMessage, parse_segments
from liudeng.media.model import Attachment, Kind
from liudeng.media.segments import Draft, drafts_of
from liudeng.outbox import Gateway, Refused

log = logging.getLogger(__name__)


async def fresh_urls(
    gateway: Gateway, attachment: Attachment, message: StoredMessage
) -> AsyncIterator[str]:
    """Yield URLs that are new, the likeliest first; asks only as far as it is iterated.

    `get_image` knows what passed through the implementation lately; `get_msg` lets it build the
    message, and with it the URL, anew.

    Raises:
        NotConnected, OutcomeUnknown: nobody could be asked; that says nothing about the file.
    """
    tried = {attachment.url, ""}
    for ask in (_by_name, _by_message):
        try:
            url = await ask(gateway, attachment, message)
        except Refused as refused:
            log.debug("no fresh URL: retcode %d", refused.retcode)
            continue
        if url not in tried:
            tried.add(url)
            yield url


async def _by_name(gateway: Gateway, attachment: Attachment, message: StoredMessage) -> str:
    if not attachment.file:
        return ""
    if attachment.kind is Kind.IMAGE:
        return _url(await gateway.call("get_image", file=attachment.file))
    if attachment.kind is Kind.FILE:
        return _url(
            await gateway.call(
                "get_group_file_url", group_id=message.group_id, file_id=attachment.file
            )
        )
    return ""


async def _by_message(gateway: Gateway, attachment: Attachment, message: StoredMessage) -> str:
    if attachment.forwarded_id or not message.message_id.lstrip("-").isdecimal():
        return ""
    answer = await gateway.call("get_msg", message_id=int(message.message_id))
    # An id stands for another message after a while: the file's name must be the same.
    try:
        drafts = drafts_of(parse_segments(answer.get("message")))
    except (PayloadRefused, AttributeError):
        return ""
    same = _same(drafts, attachment)
    return same.url if same else ""


def _same(drafts: Iterable[Draft], attachment: Attachment) -> Draft | None:
    for draft in drafts:
        if draft.kind is attachment.kind and draft.file == attachment.file:
            return draft
    return None


def _url(answer: Any) -> str:
    url = answer.get("url") if isinstance(answer, dict) else None
    return url.replace("&amp;", "&") if isinstance(url, str) else ""

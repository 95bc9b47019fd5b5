"""Between the chat and the library: who asks, what was quoted, and answers as pictures."""

from liudeng.archive import StoredMessage, find_quoted
from liudeng.library import Answer
from liudeng.library import Asker as LibraryAsker
from plugins.commands import Asker
from plugins.recorder import house


def asker_of(asker: Asker) -> LibraryAsker:
    """Return who asks, as the library sees them."""
    return LibraryAsker(
        user_id=str(asker.user_id),
        groups=frozenset(asker.groups),
        place_group=asker.group_id,
        name=asker.name,
        moderated=frozenset(house.roster.moderated_by(asker.user_id)),
    )


async def quoted_message(asker: Asker) -> StoredMessage | None:
    """Return the message of the archive that the asker replied to; None when there is none."""
    if asker.group_id is None or asker.quoted is None:
        return None
    await house.writer.drain()  # it may have been said a moment ago
    return await find_quoted(house.database, asker.group_id, asker.quoted)


async def quoted_to_keep(asker: Asker) -> StoredMessage | None:
    """Return the message to be put on the wall.

    Of a member who keeps only the wall it is kept from now on, because they ask for it.
    """
    message = await quoted_message(asker)
    if message is None and asker.group_id is not None and asker.quoted is not None:
        place = (asker.group_id, asker.quoted, asker.user_id)
        if await house.privacy.for_the_wall(*place):
            message = await quoted_message(asker)
    return message


async def show_change(asker: Asker, answer: Answer) -> None:
    """Answer after something may have changed: the index follows, letters may wait."""
    house.library.index.wake()
    house.sender.wake()
    await show(asker, answer)


async def show(asker: Asker, answer: Answer) -> None:
    """Answer with a card or the wall above the words, where there is one to show."""
    if answer.entry is None and answer.wall is None:
        await asker.answer(answer.text)
    else:
        await asker.show(lambda: house.library.cards.draw(answer), answer.text, answer.listing)

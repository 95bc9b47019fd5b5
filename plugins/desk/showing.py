"""A page of the desk as an answer: a picture, or words where it cannot be drawn."""

from liudeng.desk import Page
from plugins.commands import Asker
from plugins.recorder import house


async def show(asker: Asker, page: Page) -> None:
    """Answer with a page."""
    if page.card is None or not house.settings.alert_cards:
        await asker.answer(page.words)
        return
    listing = "\n".join(part for part in (page.head, page.listing) if part)
    await asker.show(lambda: house.drawing.of_page(page), page.tail, listing)

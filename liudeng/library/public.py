"""What everybody may read of a public entry: nothing in it leads to a person."""

from liudeng.covering import Names, redacted
from liudeng.library.entry import Farewell, Visibility
from liudeng.library.known import Known


def as_public(entry: Farewell, known: Known) -> Farewell:
    """Return a public entry without numbers and addresses; any other as it is.

    What was read in its pictures is without names as well: these are covered in the pictures.
    Takes milliseconds for each thousand characters.
    """
    if entry.visibility is not Visibility.PUBLIC:
        return entry
    author = entry.author_name.strip()
    return entry.model_copy(
        update={
            "title": redacted(entry.title, known.numbers),
            "companion": redacted(entry.companion, known.numbers),
            "author_name": author if redacted(author, known.numbers) == author else "",
            "words": redacted(entry.words.strip(), known.numbers),
            "seen_text": redacted(entry.seen_text, known.all - {entry.companion}),
            "tags": tuple(redacted(tag, known.numbers) for tag in entry.tags),
        }
    )


def covered_names(entry: Farewell, known: Known) -> Names:
    """Return what is covered in an entry's pictures: everybody but its companion."""
    return Names(
        known=known.all | {entry.author_name},
        kept=(entry.companion,) if entry.companion else (),
    )

"""Nobody is named: people become pseudonyms, times hours, numbers and names in texts are hidden."""

from collections.abc import Iterable
from dataclasses import replace

from liudeng.archive import Segment
from liudeng.covering import NameIndex, redacted
from liudeng.exporting.model import FileRef, Pseudonym, Speaker, Spoken
from liudeng.library.known import Known

_HOUR_MS = 3_600_000
_LETTERS = 8
_KEPT_BARE = frozenset({"image", "face", "record", "video", "forward"})
"""Kinds of which nothing but their kind is told. What else there is, cards and files among it,
may lead to somebody and is left out."""


class Veil:
    """Covers the messages of one group; the same person is the same pseudonym in every export."""

    def __init__(self, group_id: int, pseudonym: Pseudonym, known: Known) -> None:
        self._group_id = group_id
        self._pseudonym = pseudonym
        self._names = NameIndex(known.all)

    @property
    def group(self) -> str:
        """What stands for the group's number."""
        return f"group-{self._made_up('group', str(self._group_id))}"

    def name(self, text: str) -> str:
        """Return a title, such as the group's name, without names and numbers."""
        return redacted(text, self._names.occurring(text))

    def speaker(self, speaker: Speaker) -> Speaker:
        """Return a member under their pseudonym."""
        return Speaker(self._person(speaker.user_id), self._called(speaker.user_id), "")

    def over(self, spoken: Spoken) -> Spoken:
        """Return a message in which nobody can be told."""
        segments = tuple(self._segment(segment) for segment in spoken.segments)
        text = self.name(spoken.text)
        return replace(
            spoken,
            number=0,
            message_id=self._message(spoken.message_id),
            platform_seq=0,
            user_id=self._person(spoken.user_id),
            name=self._called(spoken.user_id),
            card="",
            time_ms=spoken.time_ms // _HOUR_MS * _HOUR_MS,
            text=text,
            segments=tuple(segment for segment in segments if segment is not None),
            reply_to=self._message(spoken.reply_to) if spoken.reply_to else None,
            files=_moved(spoken.files, segments),
        )

    def _segment(self, segment: Segment) -> Segment | None:
        kind, data = segment["type"], segment.get("data", {})
        if kind == "text":
            return {"type": "text", "data": {"text": self.name(str(data.get("text", "")))}}
        if kind == "at":
            target = str(data.get("qq", ""))
            if target == "all":
                return {"type": "at", "data": {"qq": "all"}}
            called = self._called(target)
            return {"type": "at", "data": {"qq": self._person(target), "name": called}}
        if kind == "reply":
            return {"type": "reply", "data": {"id": self._message(str(data.get("id", "")))}}
        return {"type": kind, "data": {}} if kind in _KEPT_BARE else None

    def _person(self, user_id: str) -> str:
        return f"member-{self._made_up('member', user_id)}"

    def _called(self, user_id: str) -> str:
        return f"成员{self._made_up('member', user_id)}"

    def _message(self, message_id: str) -> str:
        return f"m-{self._made_up('message', message_id)}"

    def _made_up(self, kind: str, value: str) -> str:
        """Of this group alone: who is in two groups is not to be told from two exports."""
        return self._pseudonym(f"export {kind} {self._group_id} {value}")[:_LETTERS]


def _moved(files: Iterable[FileRef], segments: tuple[Segment | None, ...]) -> tuple[FileRef, ...]:
    """Return files with their positions among the segments that are left."""
    places = [position for position, segment in enumerate(segments) if segment is not None]
    moved = {old: new for new, old in enumerate(places)}
    return tuple(replace(file, position=moved.get(file.position, -1)) for file in files)

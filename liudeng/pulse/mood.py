"""The moods that a group's messages are counted by."""

from enum import IntFlag


class Mood(IntFlag):
    """What a message sounds of; several at a time are one value. Names as in `data/mood`."""

    NONE = 0
    SADNESS = 1
    ANGER = 2
    FEAR = 4
    HOPE = 8
    LOVE = 16
    NUMBNESS = 32
    DESPAIR = 64

    @property
    def key(self) -> str:
        """Its name in tables and files."""
        return (self.name or "").lower()


MOODS = tuple(mood for mood in Mood if mood)
"""Each mood alone, in the order in which they are shown."""

TITLES = {
    Mood.SADNESS: "悲伤",
    Mood.ANGER: "愤怒",
    Mood.FEAR: "害怕",
    Mood.HOPE: "希望",
    Mood.LOVE: "爱和温暖",
    Mood.NUMBNESS: "麻木",
    Mood.DESPAIR: "绝望",
}

"""Colours of the drawn phones: two light ones and two for the night."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """One theme, as CSS colours."""

    background: str
    bar: str
    rule: str
    field: str
    chip: str
    ink: str
    faint: str
    online: str
    theirs: str
    theirs_ink: str
    mine: str
    mine_ink: str
    their_face: str
    my_face: str


PALETTES = (
    Palette(
        background="#f3efe8",
        bar="#fbf9f5",
        rule="#e4ddd1",
        field="#efeae1",
        chip="#e9e2d6",
        ink="#2f2a24",
        faint="#94897a",
        online="#7fb069",
        theirs="#ffffff",
        theirs_ink="#2f2a24",
        mine="#e9b872",
        mine_ink="#3a2a12",
        their_face="#c97b63",
        my_face="#8d99ae",
    ),
    Palette(
        background="#eef2f8",
        bar="#fafcff",
        rule="#d9e1ee",
        field="#e9eef6",
        chip="#e0e8f3",
        ink="#1f2a3a",
        faint="#8493a8",
        online="#4fb286",
        theirs="#ffffff",
        theirs_ink="#1f2a3a",
        mine="#4a7fd4",
        mine_ink="#ffffff",
        their_face="#6c63b5",
        my_face="#e39a6f",
    ),
    Palette(
        background="#17181d",
        bar="#1f2128",
        rule="#2c2f38",
        field="#2a2d36",
        chip="#24262e",
        ink="#e8e6e1",
        faint="#8a8d98",
        online="#6fbf8b",
        theirs="#292c35",
        theirs_ink="#e8e6e1",
        mine="#c98f4a",
        mine_ink="#1e1508",
        their_face="#d0a15e",
        my_face="#5c6f91",
    ),
    Palette(
        background="#1a1626",
        bar="#221d31",
        rule="#302944",
        field="#2d2740",
        chip="#282239",
        ink="#ece7f6",
        faint="#9188a8",
        online="#86c29b",
        theirs="#302a45",
        theirs_ink="#ece7f6",
        mine="#8f74d6",
        mine_ink="#ffffff",
        their_face="#d98aa5",
        my_face="#6d83b8",
    ),
)

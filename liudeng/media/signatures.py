"""What a file is, told by its first bytes: names and headers lie."""

HEAD = 32
"""Bytes needed to tell."""
UNKNOWN = "application/octet-stream"

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypavis", "image/avif"),
    (0, b"BM", "image/bmp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"\x02#!SILK", "audio/silk"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
)

SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/bmp": ".bmp",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "audio/amr": ".amr",
    "audio/silk": ".silk",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    UNKNOWN: ".bin",
}
"""The ending of a kept file's name, by what it is."""


def mime_of(head: bytes) -> str:
    """Return the MIME type that the first bytes (`HEAD` of them) tell."""
    for offset, signature, mime in _SIGNATURES:
        if head.startswith(signature, offset):
            return mime
    return UNKNOWN


def is_image(mime: str) -> bool:
    """Tell whether it is a kind of picture that is decoded."""
    return mime.startswith("image/")

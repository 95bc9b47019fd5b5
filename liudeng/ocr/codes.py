"""QR codes in a picture: what they say, where that can be made out.

OpenCV comes with the text recogniser, so this runs in its process, and a picture that crashes a
decoder crashes nothing else. Of the two detectors in OpenCV the one built on ArUco finds smaller
codes (120 pixels of a 33-module code, where the older one needs twice that).
"""

import cv2
import numpy as np
from PIL import Image

_WIDEST = 1_440
"""Pixels: a phone's screen. What is wider is made as wide before it is looked at."""
_TALLEST = 16_000
_MOST = 5
_LONGEST = 500


def codes_in(picture: Image.Image) -> tuple[str, ...]:
    """Return what the QR codes of an upright RGB picture say; a code that says nothing is none."""
    factor = min(1.0, _WIDEST / picture.width, _TALLEST / picture.height)
    if factor < 1.0:
        size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
        picture = picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    pixels = np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])
    try:
        _, told, _, _ = cv2.QRCodeDetectorAruco().detectAndDecodeMulti(pixels)
    except cv2.error:  # some shapes of noise trip it
        return ()
    said = (text.strip()[:_LONGEST] for text in told)
    return tuple(dict.fromkeys(text for text in said if text.isprintable() and text))[:_MOST]

"""Any picture as plain RGB. Pillow and nothing else: worker processes import it.

The decoding process (`liudeng.media.inspection`) imports nothing of this package and has the same
lines once more.
"""

from PIL import Image


def flat(image: Image.Image, ground: str = "white") -> Image.Image:
    """Return a decoded picture as RGB on `ground`: from CMYK, palettes, 16 bits or transparency."""
    if image.mode.startswith(("I", "F")):
        # Pillow clips wide grey values when it converts them; the upper 8 bits are the picture.
        wide = image.convert("I")
        return wide.point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        clear = image.convert("RGBA")
        paper = Image.new("RGB", clear.size, ground)
        paper.paste(clear, mask=clear.getchannel("A"))
        return paper
    return image.convert("RGB")

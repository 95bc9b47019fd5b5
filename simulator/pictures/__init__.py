"""Pictures the simulator draws itself: farewell screenshots and stickers."""

from simulator.pictures.spec import PictureSpec, draw

__all__ = ["PictureSpec", "draw"]

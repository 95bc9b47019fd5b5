"""The screens the page is tried on, and the types of the fixtures that open it."""

from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import Page

from simulator import Simulator

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}

OpenPage = Callable[..., Awaitable[Page]]
StartSimulator = Callable[..., Awaitable[Simulator]]

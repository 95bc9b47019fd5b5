"""An OpenAI-compatible endpoint, asked one question at a time and believed nothing."""

import asyncio
import json
from typing import Any, Literal

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from liudeng.archive.reading import clean

_TOTAL_S = 20.0
_LARGEST = 64 * 1024
_MOST_TOKENS = 300
_ANSWER_CHARS = 160

View = Literal["serious", "unclear", "harmless"]


class NoOpinion(Exception):
    """There is none: the message says why, without a word of what was asked."""


class Opinion(BaseModel):
    """What the other model thinks; a note for people, never a decision."""

    model_config = ConfigDict(frozen=True)

    view: View
    why: str


class Place(BaseModel):
    """Where and whom to ask."""

    model_config = ConfigDict(frozen=True)

    url: str
    """Up to and including the version: `http://127.0.0.1:11434/v1`."""
    key: str = ""
    model: str = ""
    timeout: float = _TOTAL_S
    """Seconds for the whole answer."""


class Endpoint:
    """Asks; keeps nothing."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._url = f"{place.url.rstrip('/')}/chat/completions"
        self._client: httpx.AsyncClient | None = None

    async def close(self) -> None:
        """Let go of the connection."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def ask(self, system: str, question: str) -> Opinion:
        """Return the opinion on a question.

        Raises:
            NoOpinion: too slow, not reachable, refused, or an answer that makes no sense.
        """
        body: dict[str, Any] = {
            "temperature": 0,
            "max_tokens": _MOST_TOKENS,
            "messages": [
                {"role": "system", "content": system},
                {"role": "user", "content": question},
            ],
        }
        if self._place.model:
            body["model"] = self._place.model
        try:
            async with asyncio.timeout(self._place.timeout):
                return _understood(await self._post(body))
        except TimeoutError:
            raise NoOpinion("没有在时限内回答") from None
        except httpx.HTTPError as error:
            raise NoOpinion(f"问不到（{type(error).__name__}）") from None

    async def _post(self, body: dict[str, Any]) -> bytes:
        key = self._place.key
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        if self._client is None:
            # Reading the certificates takes long enough to be felt on the event loop.
            self._client = await asyncio.to_thread(_client, self._place.timeout)
        http = self._client
        async with http.stream("POST", self._url, json=body, headers=headers) as response:
            if response.status_code != httpx.codes.OK:
                raise NoOpinion(f"拒绝回答（HTTP {response.status_code}）")
            answer = bytearray()
            async for piece in response.aiter_bytes():
                answer += piece
                if len(answer) > _LARGEST:
                    raise NoOpinion("回答太长")
        return bytes(answer)


def _client(timeout: float) -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=timeout, follow_redirects=False)


def _understood(body: bytes) -> Opinion:
    """Read the first JSON object of what the model wrote; models like to talk around it."""
    try:
        said = str(json.loads(body)["choices"][0]["message"]["content"])
        start, end = said.index("{"), said.rindex("}")
        opinion = Opinion.model_validate(json.loads(said[start : end + 1]))
    except (ValueError, KeyError, IndexError, TypeError, ValidationError):
        raise NoOpinion("回答看不懂") from None
    why = " ".join(clean(opinion.why).split())[:_ANSWER_CHARS]
    return opinion.model_copy(update={"why": why})

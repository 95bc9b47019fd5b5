"""Pseudonyms: a person as a keyed hash, so that even a refusal leaves no number on the disk."""

import hmac
import os
from base64 import urlsafe_b64encode
from functools import lru_cache
from pathlib import Path
from secrets import token_hex

from cryptography.fernet import Fernet

_KEY_BYTES = 32
_PURPOSE = b"liudeng person\0"
_CHECK = "the key of this archive"
_REMEMBERED = 50_000


class PrivacyKeyProblem(Exception):
    """The key does not fit what was hashed with it; the text is one Chinese sentence."""


class Pseudonyms:
    """Hashes QQ numbers with a key that nobody without the data directory has.

    Numbers are few enough to try them all, so a hash without a key would hide nobody.
    """

    def __init__(self, key: str, key_file: Path) -> None:
        """`key` is 64 hex digits; without one it is in `key_file`, made when first needed."""
        self._told = key
        self._key_file = key_file
        self._key: bytes | None = None
        self.of = lru_cache(_REMEMBERED)(self._of)
        """Return the pseudonym of a person, 64 hex digits. Raises what `unlock` raises."""

    @property
    def check(self) -> str:
        """What is the same as long as the key is."""
        return self.of(_CHECK)

    def unlock(self) -> None:
        """Read the key, or make one.

        Raises:
            PrivacyKeyProblem: what is set or stored is no key.
            OSError: the file can be neither read nor made.
        """
        told = self._told or _key_of_file(self._key_file)
        try:
            key = bytes.fromhex(told)
        except ValueError:
            key = b""
        if len(key) < _KEY_BYTES:
            where = "PRIVACY_KEY" if self._told else str(self._key_file)
            raise PrivacyKeyProblem(f"{where} 不是有效的密钥：要 64 个十六进制字符。")
        self._key = key
        self.of.cache_clear()

    def once(self, text: str) -> str:
        """Return a pseudonym without remembering it: of digits that are hardly anybody's."""
        return self._of(text)

    def seal(self, user_id: str) -> bytes:
        """Encrypt a number that is needed until an erasure has come to its end."""
        return self._cipher.encrypt(user_id.encode())

    def unseal(self, sealed: bytes) -> str:
        """Undo `seal`. Raises cryptography.fernet.InvalidToken for what another key sealed."""
        return self._cipher.decrypt(sealed).decode()

    @property
    def _cipher(self) -> Fernet:
        return Fernet(urlsafe_b64encode(self._derive(b"liudeng seal\0", "")))

    def _of(self, user_id: str) -> str:
        return self._derive(_PURPOSE, user_id.strip()).hex()

    def _derive(self, purpose: bytes, text: str) -> bytes:
        if self._key is None:
            self.unlock()
        assert self._key is not None
        return hmac.digest(self._key, purpose + text.encode(), "sha256")


def _key_of_file(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = token_hex(_KEY_BYTES)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{key}\n")
        file.flush()
        os.fsync(file.fileno())
    return key

"""Hosts: read from what people type, and taken apart at the suffix that registries sell under."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

import idna
from publicsuffixlist import PublicSuffixList

_LONGEST = 253
_RESERVED = ("example", "test", "invalid", "localhost", "local", "internal", "lan", "home.arpa")
_RESERVED_DOMAINS = ("example.com", "example.net", "example.org")


@dataclass(frozen=True, slots=True)
class Host:
    """A host's name, in the parts that matter."""

    ascii: str
    """As it is asked for: punycode, lower case."""
    shown: str
    """As it reads: letters of any script."""
    below: tuple[str, ...]
    """Labels in front of the registered name, as they read."""
    label: str
    """The registered name without its suffix; empty for a bare suffix or a number."""
    suffix: str
    """What registries, or free hosts, sell names under: com, com.cn, github.io."""

    @property
    def registered(self) -> str:
        """The name somebody registered, with its suffix, as it reads."""
        return f"{self.label}.{self.suffix}" if self.label else self.shown


def read_host(text: str) -> Host | None:
    """Read a host's name; None for what is none. Never raises."""
    ascii_name = ascii_host(text)
    if ascii_name is None:
        return None
    if is_address(ascii_name):
        return Host(ascii_name, ascii_name, (), "", "")
    shown = shown_host(ascii_name)
    private = _suffixes().privatesuffix(ascii_name)
    if private is None:
        return Host(ascii_name, shown, (), "", shown)
    below = len(ascii_name.split(".")) - len(private.split("."))
    labels = shown.split(".")
    return Host(
        ascii_name, shown, tuple(labels[:below]), labels[below], ".".join(labels[below + 1 :])
    )


def ascii_host(text: str) -> str | None:
    """Return a host's name as it is asked for; None if it cannot be one. Never raises."""
    name = text.strip().rstrip(".。．").casefold()
    if not name or len(name) > _LONGEST:
        return None
    if is_address(name.strip("[]")):
        return name.strip("[]")
    try:
        # Old registrations hold emoji and the like: what IDNA 2008 refuses is kept if it is ASCII.
        encoded = idna.encode(name, uts46=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError, IndexError):
        encoded = name if name.isascii() else ""
    return encoded.casefold() if _is_plain(encoded) else None


def shown_host(ascii_name: str) -> str:
    """Return a host's name as it reads, label by label; what cannot be decoded stays as it is."""
    return ".".join(map(_shown_label, ascii_name.split(".")))


def is_address(name: str) -> bool:
    """Tell whether a host is a number instead of a name."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def is_reserved(ascii_name: str) -> bool:
    """Tell whether a name is set aside for examples and inner networks: there is nobody to ask.

    RFC 2606, RFC 6761, RFC 6762, RFC 8375.
    """
    return any(
        ascii_name == domain or ascii_name.endswith(f".{domain}")
        for domain in (*_RESERVED, *_RESERVED_DOMAINS)
    )


def has_known_suffix(ascii_name: str) -> bool:
    """Tell whether a name ends as registered names do, or as those in examples."""
    if is_address(ascii_name):
        return False
    known = _suffixes().publicsuffix(ascii_name, accept_unknown=False)
    return known is not None or is_reserved(ascii_name)


def host_in(text: str) -> str:
    """Return the part of a URL, or of a bare host with port and path, that names the host."""
    authority = authority_of(text)
    name = authority.rpartition("@")[2]
    if name.startswith("["):
        return name.partition("]")[0].lstrip("[")
    head, colon, port = name.rpartition(":")
    return head if colon and port.isdecimal() and ":" not in head else name


def authority_of(text: str) -> str:
    """Return what stands between a URL's scheme and its path. Never raises."""
    text = text.strip().replace("\\", "/")
    try:
        return urlsplit(text if "//" in text else f"//{text}").netloc
    except ValueError:
        return ""


def _shown_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return idna.decode(label)
    except (idna.IDNAError, UnicodeError, IndexError):
        try:
            return label[4:].encode("ascii").decode("punycode")
        except (UnicodeError, ValueError, OverflowError):
            return label


def _is_plain(name: str) -> bool:
    """Letters, digits, hyphens and underscores in labels of 1 to 63, and at least one dot."""
    labels = name.split(".")
    return (
        0 < len(name) <= _LONGEST
        and len(labels) > 1
        and all(
            0 < len(label) < 64 and label.replace("-", "").replace("_", "").isalnum()
            for label in labels
        )
        and name.isascii()
        and not labels[-1].isdecimal()
    )


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    """Read once, when the first host is: it takes a tenth of a second."""
    return PublicSuffixList()

"""Pictures and files: fetched on receipt, before their links expire, and kept."""

from liudeng.media import erasing
from liudeng.media.connections import GuardedBackend
from liudeng.media.fetcher import MediaFetcher
from liudeng.media.forgetting import RecalledPictures
from liudeng.media.inspection import perceptual_hash
from liudeng.media.limits import MediaLimits
from liudeng.media.missing import MissingPictures
from liudeng.media.model import Attachment, Kind, MediaFile, Reason, State
from liudeng.media.queries import (
    NEAR_BITS,
    ForwardedMessage,
    MissingPicture,
    count_states,
    distance,
    forwarded_in,
    images_of,
    is_shown,
    looks_of,
    missing_pictures,
    near_copies,
    stored_file,
    stored_image,
)
from liudeng.media.reader import MediaReader
from liudeng.media.store import MediaStore

__all__ = [
    "NEAR_BITS",
    "Attachment",
    "ForwardedMessage",
    "GuardedBackend",
    "Kind",
    "MediaFetcher",
    "MediaFile",
    "MediaLimits",
    "MediaReader",
    "MediaStore",
    "MissingPicture",
    "MissingPictures",
    "Reason",
    "RecalledPictures",
    "State",
    "count_states",
    "distance",
    "erasing",
    "forwarded_in",
    "images_of",
    "is_shown",
    "looks_of",
    "missing_pictures",
    "near_copies",
    "perceptual_hash",
    "stored_file",
    "stored_image",
]

"""The album: what a group's members made public, as a site that needs no network."""

from liudeng.album.command_line import write_album
from liudeng.album.folder import NoAlbumThere

__all__ = ["NoAlbumThere", "write_album"]

"""The file: its encoding, and its bytes as UTF-8, whatever they were."""

import codecs
import io
from pathlib import Path
from typing import BinaryIO

from liudeng.importing.report import ImportProblem

HEAD_BYTES = 65_536
_BUFFER = 262_144
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")


class _AsUtf8(io.RawIOBase):
    """Turns any encoding into UTF-8 on the way; what cannot be read becomes U+FFFD."""

    def __init__(self, raw: BinaryIO, encoding: str) -> None:
        self._raw = raw
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        # A byte becomes at most three: U+FFFD for each one that is wrong.
        converted = b""
        while not converted and not self._ended:
            chunk = self._raw.read(max(1, len(buffer) // 3 - 3))
            self._ended = not chunk
            converted = self._decoder.decode(chunk, final=self._ended).encode()
        buffer[: len(converted)] = converted
        return len(converted)


class ExportFile:
    """An export on disk, opened for reading. Everything here blocks: use it in a thread."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            ImportProblem: there is no such file, it cannot be read, or it is no text.
        """
        self._file = _opened(path)
        try:
            stat = path.stat()
            self.size = stat.st_size
            self.modified_ms = stat.st_mtime_ns // 1_000_000
            start = self._file.read(HEAD_BYTES)
            self._utf16 = start.startswith(_UTF16_MARKS)
            _check(start, utf16=self._utf16)
        except BaseException:
            self._file.close()
            raise

    @property
    def position(self) -> int:
        """Bytes of the file read so far."""
        return min(self._file.tell(), self.size)

    def head(self) -> bytes:
        """Return the beginning as UTF-8, cut at the last whole line where there is one."""
        stream = self.lines()
        return stream.read(HEAD_BYTES).removeprefix(codecs.BOM_UTF8)

    def lines(self) -> BinaryIO:
        """Return the file from its start; a line that is not UTF-8 stays as it is."""
        self._file.seek(0)
        if self._utf16:
            return io.BufferedReader(_AsUtf8(self._file, "utf-16"), _BUFFER)
        return self._file

    def document(self) -> BinaryIO:
        """Return the file from its start, all of it valid UTF-8."""
        self._file.seek(0)
        encoding = "utf-16" if self._utf16 else "utf-8-sig"
        return io.BufferedReader(_AsUtf8(self._file, encoding), _BUFFER)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _opened(path: Path) -> BinaryIO:
    if path.is_dir():
        raise ImportProblem(f"「{path}」是一个文件夹：请写出里面那个聊天记录文件的完整路径。")
    if path.exists() and not path.is_file():
        raise ImportProblem(f"「{path}」不是普通文件：请换成导出的 .json 或 .jsonl 文件。")
    try:
        return path.open("rb", buffering=_BUFFER)
    except FileNotFoundError:
        raise ImportProblem(f"找不到「{path}」：请检查路径和文件名有没有写错。") from None
    except PermissionError:
        raise ImportProblem(f"没有权限读「{path}」：请先把它的读取权限给机器人的用户。") from None
    except OSError as error:
        raise ImportProblem(f"「{path}」打不开（{error.strerror}）：请检查路径和磁盘。") from None


def _check(start: bytes, *, utf16: bool) -> None:
    """Say what is wrong with a file that is no text we can read."""
    if start.startswith(_ARCHIVES):
        raise ImportProblem("这是一个压缩包：请先解压，再导入里面的 .json 或 .jsonl 文件。")
    if utf16:
        return
    text = start.removeprefix(codecs.BOM_UTF8)
    if not text.strip():
        raise ImportProblem("文件是空的：请重新导出聊天记录，再导入一次。")
    if b"\0" in text:
        raise ImportProblem(
            "这不是文本文件，或者编码不是 UTF-8：请用导出工具选 JSON 格式，存成 UTF-8。"
        )
    if _is_other_encoding(text):
        raise ImportProblem(
            "文件不是 UTF-8 编码（可能是 GBK）：请用记事本打开，「另存为」时编码选 UTF-8，再导入。"
        )


def _is_other_encoding(text: bytes) -> bool:
    """Tell a file in another encoding from one with a few damaged lines."""
    whole = text.rsplit(b"\n", 1)[0] if len(text) >= HEAD_BYTES - 3 else text
    lines = [line for line in whole.split(b"\n") if not line.isascii()]
    damaged = 0
    for line in lines:
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(line)  # not final: the head may end inside a character
        except UnicodeDecodeError:
            damaged += 1
    return damaged * 2 > len(lines)

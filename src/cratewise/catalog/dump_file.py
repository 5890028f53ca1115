"""Read a monthly dump as blocks of whole releases, wherever the last reading ended.

A dump is one XML document, mostly in gz: a root element, then millions of records.
It is cut behind the last closing tag that a block holds, so that every block can be
parsed by itself, in any thread; the XML is never written out.
"""

import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NamedTuple, Self, cast

from cratewise.errors import BrokenDump, TruncatedDump, WrongDump

BLOCK = 8 * 2**20  # bytes of XML, some 2,600 releases
GZ = b"\x1f\x8b"
PIECE = 2**20  # bytes that are read at a time
HEAD = 2**16  # bytes of the file by which a dump is known again
ROOTS = ("releases", "masters", "artists", "labels")

_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?<(\w+)")
_FIRST = {kind: f"<{kind[:-1]} ".encode() for kind in ROOTS}

try:
    from isal import igzip as _igzip
    from isal import isal_zlib

    # isal reads gz 2.4 times as fast as zlib, but not every platform has it.
    _BROKEN = cast("type[Exception]", isal_zlib.error)  # typed as if it were one
    _GZ_ERRORS: tuple[type[Exception], ...] = (_BROKEN, zlib.error, gzip.BadGzipFile)
    _open_gz: Callable[..., Any] = _igzip.open
except ImportError:
    _GZ_ERRORS = (zlib.error, gzip.BadGzipFile)
    _open_gz = gzip.open


class Block(NamedTuple):
    """Whole records of a dump, and how much of it is read with them.

    xml  the records, within a root element of their own.
    end  bytes of XML from the dump's beginning to the end of this block.
    """

    xml: bytes
    end: int


class DumpFile:
    """A dump that is being read; a context manager.

    kind    'releases' or 'masters', by its root element; as wanted.
    size    bytes of the file, as it lies on the disk.
    sha256  of the file, in hex, once all of it was read.

    Raises WrongDump when it is not the one that is wanted, FileNotFoundError and the like.
    """

    def __init__(self, path: Path, wanted: str = "releases") -> None:
        self.path = path
        self._wanted = wanted
        self.size = path.stat().st_size
        self._raw = _Hashed(path.open("rb"))
        try:
            magic = self._raw.peek(2)
            self._xml: IO[bytes] = _open_gz(self._raw, "rb") if magic == GZ else self._raw  # type: ignore[assignment]  # a raw stream that reads as a file
            self._carry = self._read(BLOCK)
            self.kind = self._told_kind()
        except BaseException:
            self._raw.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()

    @property
    def bytes_read(self) -> int:
        """Of the file as it lies on the disk."""
        return self._raw.count

    def blocks(self, start: int = 0) -> Iterator[Block]:
        """All whole records behind the first `start` bytes of XML, where a block ended once.

        Raises TruncatedDump, BrokenDump; what was given until then is whole.
        """
        at = self._skip(start) if start else self._skip_root()
        opening, closing = f"<{self.kind}>".encode(), f"</{self.kind}>".encode()
        record = f"</{self.kind[:-1]}>".encode()
        # Used again and again: fresh memory for each block costs a fifth of reading it.
        room = bytearray(self._carry or BLOCK)
        filled = len(self._carry) or self._read_into(room)
        begun = self._carry = b""  # of a record whose end is not read yet
        while filled:
            cut = room.rfind(record, 0, filled) + len(record)
            if cut < len(record):  # none ends here, or its last tag is cut in two
                room = bytearray(begun + room[:filled])
                filled, begun = len(room), b""
                cut = room.rfind(record) + len(record)
            if cut >= len(record):
                at += len(begun) + cut
                yield Block(b"".join((opening, begun, memoryview(room)[:cut], closing)), at)
                begun = bytes(memoryview(room)[cut:filled])
            else:
                begun = bytes(room)
            if len(room) != BLOCK:
                room = bytearray(BLOCK)
            filled = self._read_into(room)
        if begun.strip() != closing:
            raise TruncatedDump(self.path, self.bytes_read)

    def sha256(self) -> str:
        """Of the whole file, in hex; reads what is left of it."""
        while self._raw.read(BLOCK):
            pass
        return self._raw.digest.hexdigest()

    def _told_kind(self) -> str:
        root = _ROOT.match(self._carry)
        kind = root[1].decode() if root else ""
        if kind != self._wanted:
            raise WrongDump(self.path, kind if kind in ROOTS else "", self._wanted)
        return kind

    def _skip_root(self) -> int:
        first = self._carry.find(_FIRST[self.kind])
        if first < 0:  # no record at all: the end decides
            first = self._carry.find(b">") + 1
            if not first:  # not even the first tag is whole
                raise TruncatedDump(self.path, self.bytes_read)
        self._carry = self._carry[first:]
        return first

    def _skip(self, start: int) -> int:
        left = start - len(self._carry)
        while left > 0:
            read = self._read(min(BLOCK, left))
            if not read:
                raise TruncatedDump(self.path, self.bytes_read)
            left -= len(read)
        self._carry = self._carry[start:] if left < 0 else b""
        return start

    def _read(self, count: int) -> bytes:
        with self._worded():
            return self._xml.read(count)

    def _read_into(self, room: bytearray) -> int:
        """Fill it, but for the last time; returns how far."""
        filled = 0
        while filled < len(room):
            piece = self._read(min(PIECE, len(room) - filled))
            if not piece:
                break
            room[filled : filled + len(piece)] = piece
            filled += len(piece)
        return filled

    @contextmanager
    def _worded(self) -> Iterator[None]:
        try:
            yield
        except EOFError:
            raise TruncatedDump(self.path, self.bytes_read) from None
        except _GZ_ERRORS as error:
            raise BrokenDump(self.path, str(error), at=self.bytes_read) from error


def mark_of(path: Path) -> str:
    """By what a dump is known again after a kill: its name, and a hash of how it begins."""
    with path.open("rb") as file:
        return f"{path.name} {hashlib.sha256(file.read(HEAD)).hexdigest()}"


class _Hashed(io.RawIOBase):
    """A file that is hashed and counted while it is read, front to back."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._ahead = b""
        self.digest = hashlib.sha256()
        self.count = 0

    def peek(self, count: int) -> bytes:
        self._ahead = self._file.read(count)
        return self._ahead

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        ahead, self._ahead = self._ahead, b""
        found = ahead + self._file.read(max(size - len(ahead), 0) if size >= 0 else -1)
        self.digest.update(found)
        self.count += len(found)
        return found

    def readinto(self, buffer: Any) -> int:
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        with suppress(OSError):
            self._file.close()
        super().close()

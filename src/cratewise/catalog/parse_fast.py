"""Parse a block of a dump with xml2arrow (Rust), and pack it column by column.

Both let go of Python's lock, so that several threads parse at once.  Lists become JSON
by joining whole columns: quoting and joining in C++ costs a tenth of making Python
objects of every name.
"""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cratewise.catalog.parse_plain import plain_parser
from cratewise.catalog.parsed import CONTROLS, FIRST_YEAR, YOUTUBE, Credits, Parsed, Parser

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HERE = Path(__file__).parent
ROWS_TO_ONE = 1_000  # more formats than this no release has


def fast_parser(*, with_credits: bool) -> Parser:
    """A parser that many threads may use at once.

    Raises ImportError where xml2arrow is not installed.
    """
    import pyarrow as pa
    import xml2arrow

    layout = (HERE / "release_layout.yaml").read_text("utf-8")
    if with_credits:
        layout += (HERE / "credits_layout.yaml").read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:  # it reads its layout from a file alone
        path = Path(folder) / "layout.yaml"
        path.write_text(layout, "utf-8")
        parser = xml2arrow.XmlToArrowParser(path)

    in_doubt = plain_parser(with_credits=with_credits)

    def parse(xml: bytes) -> Parsed:
        try:
            tables = parser.parse(b"<releases>" + xml + b"</releases>")
        except (pa.ArrowException, xml2arrow.Xml2ArrowError):
            return in_doubt(xml)  # which says what is wrong, if something is
        return _Block(tables).parsed(with_credits=with_credits)

    return parse


class _Block:
    """The tables of one block; a list's rows name their release in the column <release>."""

    def __init__(self, tables: dict[str, Any]) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        self.pa, self.pc = pa, pc
        self.tables = tables
        self.count = tables["releases"].num_rows

    def parsed(self, *, with_credits: bool) -> Parsed:
        master_id = self._column("releases", "master_id")
        released = self._text("releases", "released")
        columns = [
            self._column("releases", "id"),
            self.pc.if_else(self.pc.equal(master_id, 0), None, master_id),
            self._text("releases", "title"),
            self._lists("artists", self._number("artists", "id"), self._quoted("artists", "name"),
                        self._quoted("artists", "join")),
            self._lists("labels", self._number("labels", "id"), self._quoted("labels", "name"),
                        self._quoted("labels", "catno")),
            self._formats(),
            self._names("genres", "name"),
            self._names("styles", "name"),
            self._unless_empty(self._text("releases", "country")),
            self._unless_empty(released),
            self._year(released),
            self._barcodes(),
            self._names("videos", "source", without=YOUTUBE),
        ]  # fmt: skip
        rows = list(zip(*(column.to_pylist() for column in columns), strict=True))
        return Parsed(rows, self._credits() if with_credits else None)

    def _formats(self) -> Any:
        at = self._rows("formats") * ROWS_TO_ONE + self._rows("formats", "<format>")
        inside = self._rows("descriptions") * ROWS_TO_ONE + self._rows("descriptions", "<format>")
        import numpy as np

        words, kept = self._filled(self._text("descriptions", "name"))
        descriptions = self._joined(
            np.searchsorted(at, inside)[kept], len(at), self._quote(words), or_none=False
        )
        quoted = (self._quoted("formats", name) for name in ("name", "quantity", "text"))
        return self._lists("formats", *quoted, descriptions)

    def _barcodes(self) -> Any:
        is_barcode = self.pc.equal(self._text("identifiers", "type"), "Barcode")
        values = self.pc.if_else(is_barcode, self._text("identifiers", "value"), "")
        words, kept = self._filled(values)
        return self._joined(self._rows("identifiers")[kept], self.count, self._quote(words))

    def _credits(self) -> Credits:
        import numpy as np

        places = [self._rows(table) for table in ("credits", "track_credits")]
        artists = [self._whole(table, "id") for table in ("credits", "track_credits")]
        roles = [self._text(table, "role") for table in ("credits", "track_credits")]
        names = [self._text(table, "name") for table in ("credits", "track_credits")]
        coded = self.pc.dictionary_encode(self.pa.concat_arrays(roles))
        row = np.concatenate(places)
        order = np.argsort(row, kind="stable")  # a release's own before those of its tracks
        return Credits(
            row=row[order],
            artist=np.concatenate(artists)[order],
            name=self.pa.concat_arrays(names).to_numpy(zero_copy_only=False)[order],
            role=coded.indices.to_numpy().astype(np.int64)[order],
            roles=coded.dictionary.to_pylist(),
        )

    # -- columns -------------------------------------------------------------

    def _column(self, table: str, name: str) -> Any:
        return self.tables[table].column(name)

    def _rows(self, table: str, level: str = "<release>") -> "NDArray[np.int64]":
        import numpy as np

        return self._column(table, level).to_numpy().astype(np.int64)  # type: ignore[no-any-return]  # pyarrow tells no types

    def _whole(self, table: str, name: str) -> Any:
        return self.pc.fill_null(self._column(table, name), 0).to_numpy()

    def _number(self, table: str, name: str) -> Any:
        return self.pc.cast(self.pc.fill_null(self._column(table, name), 0), self.pa.string())

    def _text(self, table: str, name: str) -> Any:
        """A column of text, without control characters; what is missing is empty."""
        text = self.pc.fill_null(self._column(table, name), "")
        if _holds(text, below=32) or _holds(text, 127):
            return self.pc.replace_substring_regex(text, CONTROLS, " ")
        return text

    def _unless_empty(self, text: Any) -> Any:
        return self.pc.if_else(self.pc.equal(text, ""), None, text)

    def _year(self, released: Any) -> Any:
        year = self.pc.utf8_slice_codeunits(released, 0, 4)
        is_year = self.pc.match_substring_regex(year, "^[0-9]{4}$")
        number = self.pc.cast(self.pc.if_else(is_year, year, "0"), self.pa.int64())
        return self.pc.if_else(self.pc.less(number, FIRST_YEAR), None, number)

    # -- lists ---------------------------------------------------------------

    def _filled(self, text: Any) -> tuple[Any, Any]:
        """What is not empty of a column, and where it stands."""
        kept = self.pc.not_equal(text, "")
        return text.filter(kept), kept.to_numpy(zero_copy_only=False)

    def _names(self, table: str, name: str, *, without: str = "") -> Any:
        words, kept = self._filled(self._text(table, name))
        if without:
            words = self.pc.if_else(
                self.pc.starts_with(words, without),
                self.pc.utf8_slice_codeunits(words, len(without), None),
                words,
            )
        return self._joined(self._rows(table)[kept], self.count, self._quote(words))

    def _lists(self, table: str, *parts: Any) -> Any:
        """[[part, part, ...], ...] for each release."""
        inner: list[Any] = ["["]
        for part in parts:
            inner += [part, ","]
        inner[-1] = "]"
        return self._joined(
            self._rows(table), self.count, self.pc.binary_join_element_wise(*inner, "")
        )

    def _joined(self, rows: Any, count: int, items: Any, *, or_none: bool = True) -> Any:
        """[item, item, ...] for each of `count` rows; items stand in the order of the rows."""
        import numpy as np

        ends = np.cumsum(np.bincount(rows, minlength=count))
        offsets = np.concatenate([[0], ends]).astype(np.int32)
        lists = self.pa.ListArray.from_arrays(self.pa.array(offsets), items)
        inside = self.pc.binary_join(lists, ",")
        packed = self.pc.binary_join_element_wise("[", inside, "]", "")
        return self.pc.if_else(self.pc.equal(inside, ""), None, packed) if or_none else packed

    def _quoted(self, table: str, name: str) -> Any:
        return self._quote(self._text(table, name))

    def _quote(self, text: Any) -> Any:
        if _holds(text, ord("\\")):
            text = self.pc.replace_substring(text, "\\", "\\\\")
        if _holds(text, ord('"')):
            text = self.pc.replace_substring(text, '"', '\\"')
        return self.pc.binary_join_element_wise('"', text, '"', "")


def _holds(text: Any, letter: int = -1, *, below: int = 0) -> bool:
    """Whether a column of text holds a letter, or any control character; looks at bytes."""
    import numpy as np

    letters = text.buffers()[2]
    if letters is None:
        return False
    found = np.frombuffer(letters, dtype=np.uint8)
    return bool((found < below).any() if below else (found == letter).any())

"""Parse a block of a dump with xml2arrow (Rust), and pack it column by column.

Both let go of Python's lock, so that several threads parse at once.  Joining whole
columns in C++ costs a tenth of making Python objects of every name.
"""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cratewise.catalog.parse_plain import plain_parser
from cratewise.catalog.parsed import CONTROLS, Credits, Links, Parsed, Parser, clean, year_in
from cratewise.catalog.told import FIELD, LINE, PART, WORD, YOUTUBE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HERE = Path(__file__).parent
ROWS_TO_ONE = 1_000  # more formats than this no release has
FIRST_LETTER, DELETE = 32, 127


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
            tables = parser.parse(xml)
        except (pa.ArrowException, xml2arrow.Xml2ArrowError, TypeError):
            # The last is how it fails to say that a text is no UTF-8.
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
        released = self._text("releases", "released")
        master_id = self._numbers("releases", "master_id")
        artists, labels = self._links("artists"), self._links("labels")
        years = self._years(released)
        outline = [
            self._known(master_id),
            self._known(years),
            self._country(),
            self._names("genres"),
            self._names("styles"),
            self._ids(artists),
            self._ids(labels),
        ]
        told = [
            released,
            self._text("releases", "title"),
            self._lines("artists", "name", "join"),
            self._lines("labels", "name", "catno"),
            self._formats(),
            self._barcodes(),
            self._videos(),
        ]
        return Parsed(
            id=self._numbers("releases", "id"),
            outline=_bytes(self._together(outline, ",")),
            told=_bytes(self._together(told, FIELD)),
            master_id=master_id,
            year=years,
            artists=artists,
            labels=labels,
            credits=self._credits() if with_credits else None,
        )

    def _formats(self) -> Any:
        import numpy as np

        at = self._rows("formats") * ROWS_TO_ONE + self._rows("formats", "<format>")
        inside = self._rows("descriptions") * ROWS_TO_ONE + self._rows("descriptions", "<format>")
        words, kept = self._filled(self._text("descriptions", "name"))
        places = np.searchsorted(at, inside[kept])
        descriptions = self._joined(places, len(at), words, WORD)
        parts = [self._text("formats", name) for name in ("name", "quantity", "text")]
        return self._joined(
            self._rows("formats"), self.count, self._together([*parts, descriptions], PART), LINE
        )

    def _barcodes(self) -> Any:
        is_barcode = self.pc.equal(self._column("identifiers", "type"), "Barcode").fill_null(False)
        values, kept = self._filled(
            self._clean(self._column("identifiers", "value").filter(is_barcode))
        )
        rows = self._rows("identifiers")[is_barcode.to_numpy(zero_copy_only=False)]
        return self._joined(rows[kept], self.count, values, LINE)

    def _videos(self) -> Any:
        addresses, kept = self._filled(self._text("videos", "source"))
        is_at_youtube = self.pc.starts_with(addresses, YOUTUBE)
        told = self.pc.replace_substring(addresses, YOUTUBE, "", max_replacements=1)
        if not self.pc.all(is_at_youtube).as_py():
            told = self.pc.if_else(is_at_youtube, told, addresses)
        return self._joined(self._rows("videos")[kept], self.count, told, LINE)

    def _credits(self) -> Credits:
        import numpy as np

        tables = ("credits", "track_credits")
        roles, names = (
            self.pa.concat_arrays([self._column(table, name) for table in tables])
            for name in ("role", "name")
        )
        coded = roles.fill_null("").dictionary_encode()
        return Credits(
            row=np.concatenate([self._rows(table) for table in tables]),
            artist=np.concatenate([self._numbers(table, "id") for table in tables]),
            role=coded.indices.to_numpy().astype(np.int64),
            roles=[clean(role) for role in coded.dictionary.to_pylist()],
            name_of=lambda places: [
                clean(name) for name in names.take(self.pa.array(places)).to_pylist()
            ],
        )

    def _links(self, table: str) -> Links:
        return Links(self._rows(table), self._numbers(table, "id"))

    def _years(self, released: Any) -> "NDArray[np.int64]":
        import numpy as np

        coded = released.dictionary_encode()
        years = np.array([year_in(day) for day in coded.dictionary.to_pylist()], dtype=np.int64)
        return np.take(years, np.asarray(coded.indices))

    # -- columns -------------------------------------------------------------

    def _column(self, table: str, name: str) -> Any:
        return self.tables[table].column(name)

    def _rows(self, table: str, level: str = "<release>") -> "NDArray[np.int64]":
        import numpy as np

        return self._column(table, level).to_numpy().astype(np.int64)  # type: ignore[no-any-return]  # pyarrow tells no types

    def _numbers(self, table: str, name: str) -> Any:
        column = self._column(table, name)
        return (column.fill_null(0) if column.null_count else column).to_numpy()

    def _text(self, table: str, name: str) -> Any:
        """A column of text, without control characters; what is missing is empty."""
        return self._clean(self._column(table, name))

    def _clean(self, text: Any) -> Any:
        if text.null_count:
            text = text.fill_null("")
        letters = _letters(text)
        if letters.min(initial=255) < FIRST_LETTER or (letters == DELETE).any():
            return self.pc.replace_substring_regex(text, CONTROLS, " ")
        return text

    # -- lists ---------------------------------------------------------------

    def _filled(self, text: Any) -> tuple[Any, Any]:
        """What is not empty of a column, and where it stands."""
        kept = self.pc.not_equal(text, "")
        return text.filter(kept), kept.to_numpy(zero_copy_only=False)

    def _lines(self, table: str, *names: str) -> Any:
        """The lines of a list, of so many parts each, for each release."""
        parts = self._together([self._text(table, name) for name in names], PART)
        return self._joined(self._rows(table), self.count, parts, LINE)

    # -- JSON (told.py) ------------------------------------------------------

    def _known(self, numbers: "NDArray[np.int64]") -> Any:
        """Each number, null for 0."""
        written = self.pc.cast(self.pa.array(numbers, mask=numbers == 0), self.pa.string())
        return written.fill_null("null") if written.null_count else written

    def _country(self) -> Any:
        """A text for each release; null where none is told."""
        text = self._text("releases", "country")
        return self._if_told(text, self._between('"', self._escaped(text, 1), '"'))

    def _names(self, table: str) -> Any:
        """A list of names for each release, as JSON that is a text in JSON itself."""
        words, kept = self._filled(self._text(table, "name"))
        quoted = self._between('\\"', self._escaped(words, 3), '\\"')
        listed = self._joined(self._rows(table)[kept], self.count, quoted, ",")
        return self._between('"[', listed, ']"')

    def _ids(self, links: Links) -> Any:
        """A list of numbers for each release, likewise; null where there are none."""
        written = self.pc.cast(self.pa.array(links.number), self.pa.string())
        listed = self._joined(links.row, self.count, written, ",")
        return self._if_told(listed, self._between('"[', listed, ']"'))

    def _if_told(self, text: Any, written: Any) -> Any:
        return self.pc.if_else(self.pc.equal(text, ""), "null", written)

    def _between(self, before: str, text: Any, behind: str) -> Any:
        return self._together([before, text, behind], "")

    def _escaped(self, text: Any, slashes: int) -> Any:
        """With so many backslashes before each letter that would end a text."""
        for letter in ("\\", '"'):
            if (_letters(text) == ord(letter)).any():
                text = self.pc.replace_substring(text, letter, "\\" * slashes + letter)
        return text

    def _joined(self, rows: "NDArray[np.int64]", count: int, items: Any, mark: str) -> Any:
        """The items of each of `count` rows in one text; they stand in the order of the rows."""
        import numpy as np

        offsets = np.zeros(count + 1, dtype=np.int32)
        np.cumsum(np.bincount(rows, minlength=count), out=offsets[1:])
        lists = self.pa.ListArray.from_arrays(self.pa.array(offsets), items)
        return self.pc.binary_join(lists, mark)

    def _together(self, columns: list[Any], mark: str) -> Any:
        return self.pc.binary_join_element_wise(*columns, mark)


def _bytes(text: Any) -> list[bytes]:
    # Half the time of `to_pylist`, which makes a scalar of every text first.
    return text.cast("binary").to_numpy(zero_copy_only=False).tolist()  # type: ignore[no-any-return]


def _letters(text: Any) -> "NDArray[np.uint8]":
    """All bytes of a column of text."""
    import numpy as np

    letters = text.buffers()[2]
    return np.frombuffer(letters or b"", dtype=np.uint8)

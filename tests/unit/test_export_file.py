"""The inventory export as a file: what is understood, what is refused, which line is meant."""

from pathlib import Path

import pytest

from cratewise.errors import ImportRefused, WrongColumns
from cratewise.inventory.export_file import COLUMNS, BadLine, Record, opened_export

HEADER = ",".join([*COLUMNS, "location"])


def row(number: int, title: str = "Colossal Youth") -> str:
    """One record of 15 columns, `title` as it shall stand in the file."""
    return (
        f"{number},Young Marble Giants,{title},Rough Trade,R7,LP,5,For Sale,20.0,"
        "2026-08-25 07:04:22,,Mint (M),Mint (M),Y,shelf"
    )


def written(folder: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path = folder / "inventory.csv"
    path.write_bytes("".join(f"{line}\r\n" for line in (header, *rows)).encode(encoding))
    return path


def read(path: Path) -> list[Record | BadLine]:
    with opened_export(path) as export:
        return list(export.records)


def numbers(found: list[Record | BadLine]) -> list[tuple[int, str]]:
    return [(one.line, one.fields["listing_id"]) for one in found if isinstance(one, Record)]


def test_records_are_told_by_column_with_the_line_they_begin_on(tmp_path: Path) -> None:
    found = read(written(tmp_path, row(1), row(2)))

    assert numbers(found) == [(2, "1"), (3, "2")]
    assert isinstance(found[0], Record)
    assert found[0].fields["title"] == "Colossal Youth"


def test_a_quoted_newline_belongs_to_its_record_and_later_lines_count_on(tmp_path: Path) -> None:
    found = read(written(tmp_path, row(1, '"Colossal\r\nYouth"'), row(2)))

    assert numbers(found) == [(2, "1"), (4, "2")]
    assert isinstance(found[0], Record)
    assert found[0].fields["title"] == "Colossal\r\nYouth"


@pytest.mark.parametrize("after", [2, 3_000])  # 3,000: more than a field may hold
def test_a_quote_that_is_never_closed_costs_its_own_line_alone(tmp_path: Path, after: int) -> None:
    rest = [row(number) for number in range(after)]
    found = read(written(tmp_path, row(1), row(2, '"Colossal'), *rest))

    assert numbers(found) == [(2, "1"), *((4 + n, str(n)) for n in range(after))]
    assert [one.line for one in found if isinstance(one, BadLine)] == [3]


def test_a_quote_that_swallows_half_a_later_line_costs_two_lines(tmp_path: Path) -> None:
    found = read(written(tmp_path, row(1, '"Colossal'), row(2), row(3, 'Youth" (12)'), row(4)))

    assert numbers(found) == [(3, "2"), (4, "3"), (5, "4")]
    assert [one.line for one in found if isinstance(one, BadLine)] == [2]


def test_an_inch_sign_inside_a_title_is_no_quote(tmp_path: Path) -> None:
    found = read(written(tmp_path, row(1, 'The 12" Mixes'), row(2, '"The 12"" Mixes"')))

    titles = [one.fields["title"] for one in found if isinstance(one, Record)]
    assert titles == ['The 12" Mixes', 'The 12" Mixes']


def test_a_row_of_another_length_is_told_with_both_lengths(tmp_path: Path) -> None:
    found = read(written(tmp_path, row(1) + ",more"))

    assert found == [BadLine(2, "It has 16 columns where the header has 15.")]


def test_empty_lines_and_rows_of_a_spreadsheet_are_passed_over(tmp_path: Path) -> None:
    found = read(written(tmp_path, "", row(1), "," * 14, row(2)))

    assert numbers(found) == [(3, "1"), (5, "2")]


@pytest.mark.parametrize("year", ["2020", "2026"])
def test_both_column_sets_of_the_export_are_understood(samples: Path, year: str) -> None:
    assert read(samples / "csv" / f"inventory_export_header_{year}.csv") == []


def test_columns_may_stand_in_any_order_and_case(tmp_path: Path) -> None:
    path = tmp_path / "inventory.csv"
    names = list(reversed(COLUMNS))
    path.write_text(f"{','.join(names).upper()}\n{','.join(names)}\n", "utf-8")

    (record,) = read(path)

    assert isinstance(record, Record)
    assert all(record.fields[name] == name for name in COLUMNS)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_what_a_spreadsheet_puts_between_columns_is_understood(
    tmp_path: Path, delimiter: str
) -> None:
    path = tmp_path / "inventory.csv"
    lines = (HEADER, row(1, '"Rock, Pop; and\tSoul"'))
    path.write_text("\n".join(line.replace(",", delimiter) for line in lines), "utf-8")

    (record,) = read(path)

    assert isinstance(record, Record)
    assert record.fields["format"] == "LP"


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp1252", "cp1252")]
)
def test_utf_8_and_windows_letters_are_both_read(tmp_path: Path, encoding: str, told: str) -> None:
    path = written(tmp_path, row(1, "»Spaß« – Motörhead"), encoding=encoding)

    with opened_export(path) as export:
        (record,) = export.records

    assert export.encoding == told
    assert isinstance(record, Record)
    assert record.fields["title"] == "»Spaß« – Motörhead"
    assert record.fields["listing_id"] == "1"


def test_letters_cut_between_two_pieces_of_a_long_file_are_still_utf_8(tmp_path: Path) -> None:
    path = written(tmp_path, *(row(n, "ö" * 1_000) for n in range(100)))

    with opened_export(path) as export:
        assert export.encoding == "utf-8"


def test_a_download_that_broke_off_inside_a_letter_keeps_its_other_letters(tmp_path: Path) -> None:
    path = written(tmp_path, row(1, "Motörhead"), row(2, "Blue Öyster Cult"))
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index("Öyster".encode()) + 1])

    first, second = read(path)

    assert isinstance(first, Record)
    assert first.fields["title"] == "Motörhead"
    assert isinstance(second, BadLine)


def test_a_wrong_header_is_refused_with_what_is_missing_and_what_was_found(tmp_path: Path) -> None:
    path = written(tmp_path, "x,y", header="Catalog#,Artist,Title,release_id")

    with pytest.raises(WrongColumns, match=r"no column listing_id, label, catno.*found catalog#"):
        read(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b" \r\n", "is empty"),
        (HEADER.encode("utf-16"), "UTF-16.*save it as UTF-8"),
        (HEADER.encode("utf-16-le"), "not a text file"),
        (b"PK\x03\x04\x14\x00\x06\x00" + bytes(100), "not a text file.*unpacked"),
        (b"x" * 200_000, "not a text file"),
        (b'"listing_id\n', "does not begin with a row of column names"),
    ],
)
def test_what_is_no_export_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "inventory.csv"
    path.write_bytes(content)

    with pytest.raises(ImportRefused, match=sentence):
        read(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="There is no file"):
        read(tmp_path / "nowhere.csv")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="is not a file"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("cell", "title"),
    [("'=1+1", "=1+1"), ("'-5", "-5"), ("'Round Midnight", "'Round Midnight"), ("'", "'")],
)
def test_the_apostrophe_that_an_export_puts_before_a_formula_is_taken_off(
    tmp_path: Path, cell: str, title: str
) -> None:
    (found,) = read(written(tmp_path, row(1, cell)))

    assert isinstance(found, Record)
    assert found.fields["title"] == title

"""A model in a file: the same when it comes back, and refused when it is not ours."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from skops.io import dumps

from cratewise.errors import ModelRefused
from cratewise.taste import keeping, models

Listings = list[dict[str, Any]]


def test_a_kept_model_says_the_same(trained: models.Model, stock: Listings, tmp_path: Path) -> None:
    checksum = keeping.keep(trained, tmp_path / "model")

    again = keeping.load(tmp_path / "model", checksum)

    assert (again.predict_proba(stock) == trained.predict_proba(stock)).all()
    assert again.explain(stock[:5]) == trained.explain(stock[:5])


def test_nothing_but_the_model_is_left_behind(cratewise: models.Model, tmp_path: Path) -> None:
    keeping.keep(cratewise, tmp_path / "model")
    keeping.keep(cratewise, tmp_path / "model")

    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_a_file_cut_short_or_changed_is_damaged(cratewise: models.Model, tmp_path: Path) -> None:
    path = tmp_path / "model"
    keeping.keep(cratewise, path)
    whole = path.read_bytes()

    for damaged in (whole[:-10], whole[:500] + b"?" + whole[501:]):
        path.write_bytes(damaged)
        with pytest.raises(ModelRefused, match="damaged"):
            keeping.load(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"cratewise model 1 sha256 12\nx"])
def test_a_foreign_file_is_not_a_model(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)

    with pytest.raises(ModelRefused, match="not written by Cratewise"):
        keeping.load(tmp_path / "file")


def test_a_missing_file_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match="nowhere is not used"):
        keeping.load(tmp_path / "nowhere")


def test_a_whole_model_in_the_place_of_another_is_refused(
    cratewise: models.Model, tmp_path: Path
) -> None:
    keeping.keep(cratewise, tmp_path / "model")

    with pytest.raises(ModelRefused, match="another model"):
        keeping.load(tmp_path / "model", "0" * 64)


def test_a_file_with_a_type_that_is_not_named_is_refused_before_it_is_built(
    tmp_path: Path,
) -> None:
    with pytest.raises(ModelRefused, match="not trusted"):
        keeping.load(_forged(Innocent(), tmp_path / "model"))


def test_a_file_with_something_else_than_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match="holds a dict"):
        keeping.load(_forged({"a": 1}, tmp_path / "model"))


@pytest.mark.parametrize(
    ("at", "byte"),
    [(6, 200), (8, 1), (10, 99)],
    ids=["of a later zip", "encrypted", "packed in another way"],
)
def test_a_zip_that_cannot_be_unpacked_is_refused(
    cratewise: models.Model, at: int, byte: int, tmp_path: Path
) -> None:
    """at: of a byte in what the zip's directory tells of each entry."""
    body = bytearray(_body(cratewise, tmp_path / "model"))
    entry = body.find(b"PK\x01\x02")
    while entry >= 0:
        body[entry + at] = byte
        entry = body.find(b"PK\x01\x02", entry + 1)

    with pytest.raises(ModelRefused, match="another version wrote it"):
        keeping.load(_signed(bytes(body), tmp_path / "model"))


def test_a_zip_whose_entries_are_no_such_thing_is_refused(
    cratewise: models.Model, tmp_path: Path
) -> None:
    body = _body(cratewise, tmp_path / "model")
    with ZipFile(BytesIO(body)) as whole:
        entry = whole.getinfo("schema.json")
    begins = entry.header_offset + 30 + len(entry.filename)
    torn = body[:begins] + b"\xff" * 40 + body[begins + 40 :]

    with pytest.raises(ModelRefused, match="another version wrote it"):
        keeping.load(_signed(torn, tmp_path / "model"))


class Innocent:
    """A type that nobody named; building it would say so."""

    def __setstate__(self, state: object) -> None:
        raise AssertionError("it was built")


def _forged(content: object, path: Path) -> Path:
    return _signed(dumps(content), path)


def _signed(body: bytes, path: Path) -> Path:
    """A file whose checksum is right, as anybody could write one."""
    path.write_bytes(keeping.HEAD + sha256(body).hexdigest().encode() + b"\n" + body)
    return path


def _body(model: models.Model, path: Path) -> bytes:
    """What is kept of a model behind the line with its checksum: a zip."""
    keeping.keep(model, path)
    return path.read_bytes().partition(b"\n")[2]

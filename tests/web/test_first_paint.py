"""How much has to arrive before the first page is painted."""

import gzip
import re
from pathlib import Path

import pytest
from tests.web.visiting import Visit

pytestmark = pytest.mark.browser
MOST_SCRIPT = 180_000  # bytes, compressed


def test_the_script_of_the_first_page_is_light(page_folder: Path) -> None:
    index = (page_folder / "index.html").read_text("utf-8")
    scripts = set(re.findall(r'(?:src|href)="/([^"]+\.js)"', index))

    sizes = {name: len(gzip.compress((page_folder / name).read_bytes())) for name in scripts}

    assert len(sizes) >= 2  # what cannot wait, and the app's
    assert sum(sizes.values()) < MOST_SCRIPT, sizes


def test_nothing_in_the_page_is_loaded_from_elsewhere(page_folder: Path) -> None:
    index = (page_folder / "index.html").read_text("utf-8")
    styles = "".join(path.read_text("utf-8") for path in page_folder.rglob("*.css"))

    assert "//" not in re.sub(r"<!--.*?-->", "", index, flags=re.DOTALL)
    assert not re.findall(r"url\((?!/assets/)[^)]*\)", styles)
    assert "style=" not in index
    assert not re.findall(r"<script(?![^>]*\ssrc=)", index)


def test_script_travels_compressed_and_only_to_whom_that_suits(visit: Visit) -> None:
    index = visit.api.get("/").text
    script = re.findall(r'src="(/assets/[^"]+\.js)"', index)[0]

    packed = visit.api.get(script)
    plain = visit.api.http.get(script, headers={"Accept-Encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"

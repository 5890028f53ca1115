"""Everything that is yours in one file: a ZIP, a table a file, a row a line (NDJSON)."""

import zipfile
from collections.abc import Iterator

import msgspec
from litestar import get
from litestar.openapi.datastructures import ResponseSpec
from litestar.response import Stream

from cratewise.api.installation import Here, Installation
from cratewise.api.problems import told
from cratewise.store.engine import reading
from cratewise.store.own_rows import each_own_row, own_tables

MEDIA_TYPE = "application/zip"
PIECE = 1 << 16  # bytes that are sent together
README = """\
What is yours in this installation of Cratewise: a file a table, a JSON object a line.
Times are ISO 8601 in UTC; prices are whole minor units of their currency.
Listings are not among it: GET /api/v1/export, or `cratewise export`, writes those.
"""


@get(
    "/export/everything",
    tags=["settings"],
    operation_id="export_everything",
    sync_to_thread=True,
    responses=told(503)
    | {
        200: ResponseSpec(
            data_container=str,
            media_type=MEDIA_TYPE,
            generate_examples=False,
            description="A ZIP of NDJSON files, a table each.",
        )
    },
)
def export_everything(here: Here) -> Stream:
    """Everything that is yours: verdicts, wantlist, collection, picks, searches, alerts, rules."""
    account = here.account()
    name = f"cratewise-{here.clock.now():%Y-%m-%d}.zip"
    return Stream(
        _pieces(here, account.id),
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


class _Written:
    """What a ZIP is written into, to be taken out piece by piece; it cannot be gone back in."""

    def __init__(self) -> None:
        self._pieces = bytearray()

    def write(self, piece: bytes) -> int:
        self._pieces += piece
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self, at_least: int) -> Iterator[bytes]:
        """What was written since, once it is that much."""
        if len(self._pieces) >= max(at_least, 1):
            yield bytes(self._pieces)
            self._pieces.clear()


def _pieces(here: Installation, account_id: int) -> Iterator[bytes]:
    written = _Written()
    with (
        reading(here.engine) as db,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file,  # type: ignore[call-overload]  # it asks for no more than write and flush
    ):
        file.writestr("README.txt", README)
        for table in own_tables():
            with file.open(f"{table.name}.ndjson", "w") as lines:
                for row in each_own_row(db, account_id, table):
                    lines.write(msgspec.json.encode(row) + b"\n")
                    yield from written.taken(PIECE)
    yield from written.taken(1)

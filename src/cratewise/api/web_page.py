"""The web page at `/`, where it was built: its files, and index.html for its own addresses."""

import gzip
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

FOLDER = Path(__file__).parent.parent / "web"
INDEX = "index.html"

# No script but the page's own files, nothing from elsewhere, in nobody's frame.  A video is
# the one exception: in a frame of its own, once somebody asked for it.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "frame-src https://www.youtube-nocookie.com",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HASHED = "assets"  # files there carry a hash of what they hold in their names
FOR_EVER = "public, max-age=31536000, immutable"
PACKED = (".js", ".css", ".html", ".svg")  # fonts are packed as they are


def page_routes(folder: Path = FOLDER, *, is_shared: bool = False) -> list[HTTPRouteHandler]:
    """`/` and all below it that is nothing else; none where the page was not built.

    is_shared  many sign in: the page is told, so that it asks nothing for a stranger.
    """
    if not (folder / INDEX).is_file():
        return []
    # Kept in memory: a page is a megabyte or two, and no address can lead out of the folder.
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    if is_shared:
        files[INDEX] = files[INDEX].replace(b'<html lang="en"', b'<html lang="en" data-shared', 1)

    @cache
    def packed(name: str) -> bytes:
        return gzip.compress(files[name], mtime=0)

    @get(["/", "/{path:path}"], sync_to_thread=False, include_in_schema=False)
    def show_page(request: Request[Any, Any, Any], path: FromPath[str] = "") -> Response[bytes]:
        name = path.strip("/")
        is_api = name.partition("/")[0] in ("api", "schema")
        looks_like_a_file = "." in name.rpartition("/")[2]
        if is_api or (name not in files and looks_like_a_file):
            raise NotFoundException
        shown = name if name in files else INDEX  # the page itself knows its other addresses
        headers = {
            "Content-Security-Policy": POLICY,
            "Cache-Control": FOR_EVER if name.startswith(f"{HASHED}/") else "no-cache",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        is_packed = False
        if shown.endswith(PACKED):
            headers["Vary"] = "Accept-Encoding"
            is_packed = "gzip" in request.headers.get("accept-encoding", "")
        if is_packed:
            headers["Content-Encoding"] = "gzip"
        return Response(
            packed(shown) if is_packed else files[shown],
            media_type=guess_type(shown)[0] or "application/octet-stream",
            headers=headers,
        )

    return [show_page]

"""The web page at `/`, where it was built: its files, and index.html for its own addresses."""

from mimetypes import guess_type
from pathlib import Path

from litestar import Response, get
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


def page_routes(folder: Path = FOLDER) -> list[HTTPRouteHandler]:
    """`/` and all below it that is nothing else; none where the page was not built."""
    if not (folder / INDEX).is_file():
        return []
    # Kept in memory: a page is a megabyte or two, and no address can lead out of the folder.
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }

    @get(["/", "/{path:path}"], sync_to_thread=False, include_in_schema=False)
    def show_page(path: FromPath[str] = "") -> Response[bytes]:
        name = path.strip("/")
        is_api = name.partition("/")[0] in ("api", "schema")
        looks_like_a_file = "." in name.rpartition("/")[2]
        if is_api or (name not in files and looks_like_a_file):
            raise NotFoundException
        shown = name if name in files else INDEX  # the page itself knows its other addresses
        return Response(
            files[shown],
            media_type=guess_type(shown)[0] or "application/octet-stream",
            headers={
                "Content-Security-Policy": POLICY,
                "Cache-Control": FOR_EVER if name.startswith(f"{HASHED}/") else "no-cache",
                "Cross-Origin-Opener-Policy": "same-origin",
            },
        )

    return [show_page]

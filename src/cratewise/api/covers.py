"""Covers: the pictures of releases, for a page whose reader wants them.

The browser asks us and nobody else; we ask Discogs' image host, seldom, and keep the answer.
"""

import math

from litestar import Response, get

from cratewise.api.installation import Here
from cratewise.api.listings import Number
from cratewise.api.problems import nothing, told
from cratewise.errors import NotFound, PicturesSpent
from cratewise.store.engine import reading
from cratewise.store.releases import thumbnail_of

A_WEEK = "private, max-age=604800"
# A drawing could hold script: opened by itself it may do nothing.
ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@get(
    "/releases/{release_id:int}/cover",
    tags=["releases"],
    operation_id="read_cover",
    sync_to_thread=True,
    media_type="image/*",
    responses=told(502, 503, 504) | nothing(202) | nothing(204),
)
def read_cover(here: Here, release_id: Number) -> Response[bytes]:
    """A release's cover, small, as Discogs' image host gives it: at most 30 new ones a minute.

    202: the minute's are spent, ask again after Retry-After.  204: none is known, since nothing
    of the release was read with a token.
    """
    with reading(here.engine) as db:
        address = thumbnail_of(db, release_id)
    try:
        picture = here.covers.cover(release_id, address) if address else None
    except PicturesSpent as spent:
        wait = str(max(1, math.ceil(spent.retry_in_seconds)))
        return Response(b"", status_code=202, headers={"Retry-After": wait})
    except NotFound:
        picture = None
    if picture is None:
        return Response(b"", status_code=204)
    return Response(
        picture.content,
        media_type=picture.kind,
        headers={"Cache-Control": A_WEEK, "Content-Security-Policy": ALONE},
    )

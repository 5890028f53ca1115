"""The wantlist, as the earlier page adds to it."""

from typing import Any

from litestar import post
from litestar.params import MultipartBody

from cratewise.api.installation import Here
from cratewise.api.legacy.judging import sent, whole_numbers
from cratewise.api.legacy.refusals import told_as_before
from cratewise.api.legacy.shapes import TAG, Message
from cratewise.api.problems import BadField
from cratewise.enqueue import enqueue_delivery
from cratewise.errors import NotConnected, UnknownRelease
from cratewise.store.engine import reading
from cratewise.store.releases import find_release
from cratewise.wants.outbox import add_want


@post(
    "/add-to-wantlist",
    tags=[TAG],
    operation_id="earlier_add_to_wantlist",
    sync_to_thread=True,
    status_code=200,
    responses=told_as_before(404, 409, 502, 503, 504),
)
def add_to_wantlist(here: Here, data: MultipartBody[dict[str, Any]]) -> Message:
    """Put a release on the wantlist at Discogs."""
    ids = whole_numbers("record_id", sent(data, "record_id"))
    if len(ids) != 1:
        raise BadField("body.record_id", "record_id is missing: which release is wanted?")
    account = here.account()
    with here.open_discogs(account.id) as discogs:
        if not discogs.is_somebody:
            raise NotConnected(
                "No Discogs account is connected, so nothing was added: `cratewise connect`."
            )
    with reading(here.engine) as db:
        if find_release(db, ids[0]) is None:
            raise UnknownRelease(ids[0])
    wish = add_want(here.engine, account.id, ids[0], here.clock)
    if wish.entry is None:
        return Message("It is on your wantlist already.")
    enqueue_delivery(here.desk)
    return Message("It is on your wantlist; Discogs is told within a minute.")

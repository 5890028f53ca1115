"""Hidden: what you do not want to see again, here and wherever listings are chosen."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.params import JSONBody, PathParameter

from cratewise.api.installation import Here
from cratewise.api.problems import BadField, told
from cratewise.store import hidden as kept
from cratewise.store.engine import reading, writing

Number = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]


class ToHide(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """name: as Discogs writes it, in any case; of a listing our own id."""

    kind: kept.Kind
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


class Hidden(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is hidden."""

    id: int
    kind: kept.Kind
    name: str
    hidden_at: datetime


class AllHidden(msgspec.Struct, frozen=True):
    """What you hide, the newest first."""

    hidden: list[Hidden]


@get("/hidden", tags=["taste"], operation_id="list_hidden", sync_to_thread=True,
     responses=told(503))  # fmt: skip
def list_hidden(here: Here) -> AllHidden:
    """What you do not want to see."""
    account = here.account()
    with reading(here.engine) as db:
        return AllHidden([_shown(one) for one in kept.hidden_of(db, account.id)])


@post("/hidden", tags=["taste"], operation_id="hide", sync_to_thread=True, status_code=200,
      responses=told(503))  # fmt: skip
def hide(here: Here, data: JSONBody[ToHide]) -> Hidden:
    """Hide a label, an artist, a style, a seller or a listing; again changes nothing."""
    account, name = here.account(), data.name.strip()
    if not name or (data.kind == "listing" and not name.isdecimal()):
        raise BadField("body.name", f"name: {data.name!r} is no {data.kind}'s name.")
    with writing(here.engine) as db:
        return _shown(kept.hide(db, account.id, data.kind, name, here.clock.now()))


@delete("/hidden/{hidden_id:int}", tags=["taste"], operation_id="unhide", sync_to_thread=True,
        status_code=204, responses=told(503))  # fmt: skip
def unhide(here: Here, hidden_id: Number) -> None:
    """Show it again; again changes nothing."""
    account = here.account()
    with writing(here.engine) as db:
        kept.unhide(db, account.id, hidden_id)


def _shown(one: kept.Hidden) -> Hidden:
    return Hidden(**one._asdict())

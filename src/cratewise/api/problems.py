"""Errors as HTTP tells them: RFC 9457 problems.  The only place that knows statuses of errors.

A problem's `type` is stable and for programs; its `detail` is the error's own
sentence, for people; `field` names what of the request is at fault.
"""

import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.openapi.datastructures import ResponseSpec
from structlog.contextvars import get_contextvars

from cratewise import errors

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:cratewise:problem:"

log = structlog.get_logger(__name__)


class Kind(NamedTuple):
    """What an error is to a client: the end of its `type`, a title, a status."""

    name: str
    status: int
    title: str


class BadField(errors.CratewiseError):
    """A part of the request makes no sense; `field` is such as query.sort or body.seller.

    similar  what may have been meant.
    """

    def __init__(self, field: str, sentence: str, similar: Sequence[str] = ()) -> None:
        self.field = field
        self.similar = tuple(similar)
        super().__init__(sentence)


# The first line that fits decides, so the particular stands above the general.
KINDS: tuple[tuple[type[Exception], Kind], ...] = (
    (BadField, Kind("bad-request", 400, "The request makes no sense")),
    (errors.UnreadSeller, Kind("unread-seller", 404, "Nothing of this seller is kept")),
    (errors.UnknownListing, Kind("unknown-listing", 404, "No such listing")),
    (errors.UnknownRelease, Kind("unknown-release", 404, "No such release")),
    (errors.UnknownProfile, Kind("unknown-profile", 404, "Nothing is known of it")),
    (errors.UnknownMaster, Kind("unknown-master", 404, "No such master")),
    (errors.UnknownEntry, Kind("unknown-entry", 404, "No such entry of the outbox")),
    (errors.UnknownSearch, Kind("unknown-search", 404, "No such search")),
    (errors.UnknownPreset, Kind("unknown-preset", 404, "No such preset")),
    (errors.UnknownAlert, Kind("unknown-alert", 404, "No such alert")),
    (errors.SearchExists, Kind("search-exists", 409, "Another search is called so")),
    (errors.AddressRefused, Kind("bad-address", 422, "Nothing can be sent there")),
    (errors.AlertError, Kind("alert-failed", 502, "It could not be told")),
    (errors.UnknownPostage, Kind("unknown-postage", 404, "No such rule of postage")),
    (errors.UnknownSchedule, Kind("unknown-schedule", 404, "Nothing is planned under that name")),
    (errors.UnknownPick, Kind("unknown-pick", 404, "No such record of the day")),
    (
        errors.NothingToPick,
        Kind("nothing-to-pick", 409, "Nothing is left to pick from"),
    ),
    (errors.VoteRefused, Kind("bad-vote", 422, "A vote makes no sense")),
    (errors.CrateError, Kind("no-crate", 422, "No crate keeps to what was asked")),
    (errors.UnknownPull, Kind("unknown-pull", 404, "No such pull")),
    (errors.UnknownJudgement, Kind("unknown-judgement", 404, "No such verdict")),
    (errors.UnknownVersion, Kind("unknown-model", 404, "No such version")),
    (errors.ModelRefused, Kind("model-refused", 409, "A model's file cannot be used")),
    (errors.UnknownJob, Kind("unknown-job", 404, "No such job")),
    (errors.UnknownPick, Kind("unknown-pick", 404, "No such record of the day")),
    (
        errors.NothingToPick,
        Kind("nothing-to-pick", 409, "Nothing is left to pick from"),
    ),
    (errors.VoteRefused, Kind("bad-vote", 422, "A vote makes no sense")),
    (errors.ImpossibleName, Kind("impossible-name", 422, "No seller can be called so")),
    (errors.UnknownSeller, Kind("unknown-seller", 404, "Discogs knows no such seller")),
    (errors.NotFound, Kind("not-on-discogs", 404, "Discogs has no such thing")),
    (errors.SellerSuspended, Kind("seller-suspended", 409, "The seller may not sell")),
    (errors.NotCheckable, Kind("not-checkable", 409, "Discogs cannot be asked for it")),
    (errors.NotSignedIn, Kind("not-signed-in", 401, "Nobody signed in")),
    (errors.SignInRefused, Kind("sign-in-refused", 403, "The way in is shut")),
    (errors.TooManyAttempts, Kind("too-many-attempts", 429, "Too many attempts failed")),
    (errors.TooManyRequests, Kind("too-many-requests", 429, "Asked too often")),
    (errors.WeakPassword, Kind("weak-password", 422, "The password is none")),
    (errors.InvitationRefused, Kind("invitation-refused", 403, "The invitation is none")),
    (errors.PairingRefused, Kind("pairing-refused", 403, "The code is none")),
    (errors.AccountTaken, Kind("account-taken", 409, "Somebody has the name")),
    (errors.UnknownMember, Kind("unknown-member", 404, "No such account, session or token")),
    (errors.OwnersOnly, Kind("owners-only", 403, "Only owners may do this")),
    (errors.LastOwner, Kind("last-owner", 409, "The last owner")),
    (errors.ForeignSite, Kind("foreign-site", 403, "Asked by another site")),
    (errors.NotAllowedHere, Kind("not-allowed", 403, "This may not be done so")),
    (errors.PullError, Kind("pull-under-way", 409, "A pull is under way")),
    (errors.MoneyError, Kind("bad-money", 422, "A price or currency makes no sense")),
    (errors.FilterError, Kind("bad-filter", 422, "A search makes no sense")),
    (errors.PresetError, Kind("bad-preset", 422, "A keeper rule makes no sense")),
    (errors.ScheduleError, Kind("bad-schedule", 422, "A schedule makes no sense")),
    (errors.PostageError, Kind("bad-postage", 422, "Postage makes no sense")),
    (errors.SettingError, Kind("bad-setting", 409, "A setting stands in the way")),
    (errors.NotAuthenticated, Kind("discogs-token-refused", 409, "Discogs refuses the token")),
    (errors.RateLimited, Kind("discogs-busy", 503, "Discogs asks us to wait")),
    (errors.WaitAbandoned, Kind("closing", 503, "Cratewise is ending")),
    (errors.DiscogsUnreachable, Kind("discogs-unreachable", 504, "Discogs does not answer")),
    (errors.DiscogsError, Kind("discogs-failed", 502, "Discogs cannot answer this")),
    (errors.CatalogError, Kind("no-catalog", 409, "The catalogue cannot be used")),
    (errors.RatesUnavailable, Kind("rates-unavailable", 502, "No newer rates can be had")),
    (errors.StoreFull, Kind("no-space", 507, "No space is left")),
    (errors.StoreUnavailable, Kind("database-unavailable", 503, "The database does not answer")),
    (errors.StoreError, Kind("database-failed", 503, "The database cannot be used")),
    (Exception, Kind("our-mistake", 500, "An error that should not happen")),
)

# What the web framework says no with, by status.
FRAMEWORK = {
    400: Kind("bad-request", 400, "The request makes no sense"),
    404: Kind("no-such-page", 404, "Nothing is here"),
    405: Kind("wrong-method", 405, "This cannot be asked so"),
    413: Kind("too-large", 413, "The request is too large"),
    415: Kind("wrong-media-type", 415, "The body is of another kind than expected"),
}
NO_BODY = "'data'"  # all that the framework says where there is none
FOREIGN = Kind("foreign-site", 403, "Asked by another site")


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request was refused or failed.

    type                stable; programs tell problems apart by it.
    detail              a sentence for people.
    field               what of the request is at fault: query.sort, body.seller.
    retry_in_seconds    when asking again may help.
    similar             names that are spelt much like the one given.
    """

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    retry_in_seconds: float | None = None
    similar: tuple[str, ...] = ()
    request_id: str | None = None


def told(*statuses: int) -> dict[int, ResponseSpec]:
    """These statuses in OpenAPI, and those that any request may meet.

    It may make no sense, come from nobody who signed in, from elsewhere, or too often.
    """
    return {
        status: ResponseSpec(
            data_container=Problem,
            media_type=MEDIA_TYPE,
            description=HTTPStatus(status).phrase,
            generate_examples=False,
        )
        for status in sorted({400, 401, 403, 429, *statuses})
    }


def nothing(status: int) -> dict[int, ResponseSpec]:
    """A status whose answer has no body, in OpenAPI."""
    return {
        status: ResponseSpec(
            data_container=None,
            description=HTTPStatus(status).phrase,
            generate_examples=False,
        )
    }


def problem_of(error: Exception) -> Problem:
    """What an error of ours is to a client."""
    kind = next(kind for type_, kind in KINDS if isinstance(error, type_))
    sentence = str(error)
    if kind.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        sentence = "An error that should not happen; the log tells more. Nothing stored is lost."
    return worded(
        kind,
        sentence,
        field=getattr(error, "field", None),
        retry_in_seconds=_retry_in_seconds(error, kind),
        similar=getattr(error, "similar", ()),
    )


def worded(kind: Kind, sentence: str, **more: Any) -> Problem:
    """A problem of a kind, in a sentence."""
    return Problem(
        type=TYPE + kind.name,
        title=kind.title,
        status=kind.status,
        detail=sentence,
        request_id=get_contextvars().get("request_id"),
        **more,
    )


def answer_error(_: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """Litestar's way to say what went wrong."""
    if isinstance(error, HTTPException):
        problem, headers = _of_framework(error), dict(error.headers or {})
    else:
        problem, headers = problem_of(error), {}
    if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("an error that should not happen", exc_info=error)
    headers |= retry_after(problem)
    return Response(problem, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def retry_after(problem: Problem) -> dict[str, str]:
    """The header that says when to ask again, if that is known; whole seconds, 1 at least."""
    if problem.retry_in_seconds is None:
        return {}
    return {"Retry-After": str(max(1, round(problem.retry_in_seconds)))}


def _retry_in_seconds(error: Exception, kind: Kind) -> float | None:
    if isinstance(error, errors.RateLimited | errors.TooManyAttempts | errors.TooManyRequests):
        return error.retry_in_seconds
    return 2.0 if kind.status == HTTPStatus.SERVICE_UNAVAILABLE else None


def _of_framework(error: HTTPException) -> Problem:
    kind = FRAMEWORK.get(error.status_code)
    if kind is None:
        return problem_of(error)
    if kind.name == "bad-request":
        field, sentence = next(_faults(error), (None, _plain(error.detail)))
        return worded(kind, sentence, field=field)
    sentences = {
        404: "There is nothing at this address; /schema/openapi.json lists what there is.",
        405: "This address does not know this method; OPTIONS tells which it knows.",
        413: "The request's body is larger than any that is expected here.",
        415: "The body must be JSON, with Content-Type: application/json.",
    }
    return worded(kind, sentences[kind.status])


def _faults(error: HTTPException) -> Iterator[tuple[str | None, str]]:
    """What the framework found wrong, a field and a sentence each."""
    extra = error.extra
    for fault in extra if isinstance(extra, list) else ():
        if isinstance(fault, dict):
            source = fault.get("source") or "body"
            name, source = str(fault.get("key") or ""), str(getattr(source, "value", source))
            if name == "data":
                name = ""
            said = _plain(str(fault.get("message", "")))
            if said == NO_BODY:
                yield (
                    "body",
                    "This request needs a body as JSON; /schema/openapi.json tells its fields.",
                )
                continue
            named = re.search(r"field `(\w+)`", said)  # one that lacks, or that nobody expects
            where = ".".join(part for part in (source, name, named and named[1]) if part)
            yield where, f"{name or source}: {said}."


def _plain(said: str) -> str:
    """msgspec's words without its paths and class names."""
    said = re.sub(r"^\d{3}: ", "", said)
    return re.sub(r"\s*- at `.*`$", "", said).rstrip(".").strip()

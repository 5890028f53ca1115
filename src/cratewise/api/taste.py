"""Taste: what was learnt, how good it is, what it likes, and why."""

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from litestar import get, patch, post
from litestar.params import JSONBody

from cratewise.api.installation import Here, Installation
from cratewise.api.listings import Number
from cratewise.api.models import Asked, Model, model_of
from cratewise.api.problems import told
from cratewise.enqueue import enqueue_learning
from cratewise.errors import UnknownListing
from cratewise.store.engine import reading, writing
from cratewise.store.judgements import standing_judgements, tally
from cratewise.store.models import TasteChoice, choose_taste, taste_choice
from cratewise.store.stale_prices import is_shown
from cratewise.store.stock import listing_of

if TYPE_CHECKING:
    from cratewise.learning.why import Why

KINDS = ("cratewise", "forest-text", "forest-basic")  # taste.models.NAMES; a test compares
Kind = Literal["cratewise", "forest-text", "forest-basic"]


class Taste(msgspec.Struct, frozen=True, kw_only=True):
    """What serves, and what is missing.

    live         the model that serves; null: the rule score does.
    missing      verdicts before one may; "" when none are.
    next_refit_in  verdicts that make the next refit worth while; 0: it is due.
    kind, kinds  which model learns, and which there are.
    threshold    yours; null: the best F1's of whatever serves.
    refused      a sentence for each version whose file cannot be used.
    """

    live: Model | None
    sentence: str
    missing: str
    next_refit_in: int
    keeps: int
    skips: int
    kind: str
    kinds: list[str]
    threshold: float | None
    refused: list[str]


class TasteChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """kind: from the next refit on; threshold: null is the best F1's."""

    kind: Kind | msgspec.UnsetType = msgspec.UNSET
    threshold: Annotated[float, msgspec.Meta(gt=0, lt=1)] | msgspec.UnsetType | None = msgspec.UNSET


class Like(msgspec.Struct, frozen=True):
    """Something that stands on what you judged, and how often you kept and skipped it."""

    name: str
    keeps: int
    skips: int


class Likes(msgspec.Struct, frozen=True, kw_only=True):
    """What you like, by your own verdicts, the most liked first."""

    styles: list[Like]
    labels: list[Like]
    artists: list[Like]
    decades: list[Like]


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """A threshold, tried on what was predicted before you judged it.

    right  share of what it would have kept that you kept; null: it would have kept nothing.
    found  share of what you kept that it would have.
    f1     their harmonic mean.
    """

    threshold: float
    right: float | None
    found: float
    f1: float


class Cuts(msgspec.Struct, frozen=True, kw_only=True):
    """Thresholds of each whole percent; none while too few verdicts were predicted.

    fewest  verdicts that must have been predicted.
    """

    cuts: list[Cut]
    predicted: int
    fewest: int


class Contribution(msgspec.Struct, frozen=True):
    """What one column adds to the log-odds of a keep, in nats."""

    column: str
    unit: str
    meaning: str
    amount: float


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a listing is, or is not, for you.

    version        of the model that says so; null: the rule score serves.
    chance         of a keep; is_keeper: it reaches the threshold.
    base           log-odds before anything of the listing is known; with the contributions
                   it adds up to those of the chance.
    is_exact       each contribution is the column's own; false: scaled to add up.
    missing        verdicts before a model may serve; "" when none are.
    """

    listing_id: int
    version: int | None
    chance: float | None
    threshold: float | None
    is_keeper: bool | None
    sentence: str
    base: float | None
    contributions: list[Contribution]
    is_exact: bool
    missing: str


@get("/taste", tags=["taste"], operation_id="read_taste", sync_to_thread=True,
     responses=told(503))  # fmt: skip
def read_taste(here: Here) -> Taste:
    """What serves, how good it is, and how many verdicts are missing."""
    return _taste(here)


@patch("/taste", tags=["taste"], operation_id="change_taste", sync_to_thread=True,
       responses=told(503))  # fmt: skip
def change_taste(here: Here, data: JSONBody[TasteChange]) -> Taste:
    """Choose which model learns from the next refit on, or from which chance on to keep."""
    account = here.account()
    with writing(here.engine) as db:
        before = taste_choice(db, account.id) or TasteChoice(KINDS[0], None)
        choice = TasteChoice(
            before.kind if data.kind is msgspec.UNSET else data.kind,
            before.threshold if data.threshold is msgspec.UNSET else data.threshold,
        )
        choose_taste(db, account.id, choice, here.clock.now())
    return _taste(here)


@post("/taste/refit", tags=["taste"], operation_id="refit", sync_to_thread=True, status_code=202,
      responses=told(503))  # fmt: skip
def ask_for_refit(here: Here) -> Asked:
    """Learn from all verdicts now, in the background; without anything new nothing changes."""
    asked = enqueue_learning(here.desk, here.account().id, must_refit=True)
    return Asked(asked.job_id, asked.is_new)


@get("/taste/likes", tags=["taste"], operation_id="likes", sync_to_thread=True,
     responses=told(503))  # fmt: skip
def read_likes(here: Here) -> Likes:
    """What you like, told by your verdicts: styles, labels, artists, decades."""
    from cratewise.learning.likes import likes_of

    account = here.account()
    with reading(here.engine) as db:
        found = likes_of(db, account.id)
    return Likes(**{
        name: [Like(*one) for one in likes] for name, likes in found._asdict().items()
    })  # fmt: skip


@get("/taste/cuts", tags=["taste"], operation_id="cuts", sync_to_thread=True,
     responses=told(503))  # fmt: skip
def read_cuts(here: Here) -> Cuts:
    """What each threshold would have got right and found, by what was really predicted."""
    from cratewise.learning.cuts import FEWEST, cuts

    account = here.account()
    with reading(here.engine) as db:
        judged = standing_judgements(db, account.id)
    return Cuts(
        cuts=[Cut(**one._asdict()) for one in cuts(judged)],
        predicted=sum(one.predicted is not None for one in judged),
        fewest=FEWEST,
    )


@post("/models/rule/use", tags=["taste"], operation_id="use_rule", sync_to_thread=True,
      status_code=200, responses=told(503))  # fmt: skip
def use_rule_score(here: Here) -> Taste:
    """Let the rule score serve, until a refit is promoted."""
    from cratewise.learning.roll_back import use_rule

    use_rule(here.engine, here.account().id)
    return _taste(here)


@get("/listings/{listing_id:int}/why", tags=["taste"], operation_id="why", sync_to_thread=True,
     responses=told(404, 503))  # fmt: skip
def explain_listing(here: Here, listing_id: Number) -> Reason:
    """Why a listing is, or is not, for you: signed contributions that add up to the log-odds."""
    from cratewise.learning.why import why

    account = here.account()
    with reading(here.engine) as db:
        listing = listing_of(db, listing_id)
        if listing is None:
            raise UnknownListing(listing_id)
        is_hidden = not is_shown(listing.price_read_at, here.priced_since(account))
        settings = here.settings
        found = why(
            db, account.id, settings.models_dir, listing_id,
            catalog=settings.catalog, is_price_hidden=is_hidden,
        )  # fmt: skip
        return _reason(found)


def _taste(here: Installation) -> Taste:
    from cratewise.learning.refit import due_in, missing
    from cratewise.learning.serving import serving

    account = here.account()
    with reading(here.engine) as db:
        served = serving(db, account.id, here.settings.models_dir)
        counts, choice = tally(db, account.id), taste_choice(db, account.id)
        next_refit_in = due_in(db, account.id)
    few = missing(counts.keeps, counts.skips)
    if served.row is not None:
        sentence = f"Version {served.row.version} serves, learnt from your verdicts."
    elif few:
        sentence = f"The rule score serves: {few} to come before a model may."
    else:
        sentence = "The rule score serves: no refit has beaten it yet."
    return Taste(
        live=None if served.row is None else model_of(served.row),
        sentence=sentence,
        missing=few,
        next_refit_in=next_refit_in,
        keeps=counts.keeps,
        skips=counts.skips,
        kind=choice.kind if choice else KINDS[0],
        kinds=list(KINDS),
        threshold=choice.threshold if choice else None,
        refused=list(served.refused),
    )


def _reason(found: "Why") -> Reason:
    explanation = found.explanation
    is_keeper = None
    if found.chance is not None and found.threshold is not None:
        is_keeper = found.chance >= found.threshold
    return Reason(
        listing_id=found.listing_id,
        version=found.version,
        chance=found.chance,
        threshold=found.threshold,
        is_keeper=is_keeper,
        sentence=found.sentence,
        base=explanation.base if explanation else None,
        contributions=[
            Contribution(one.column.name, one.column.unit, one.column.meaning, one.amount)
            for one in (explanation.contributions if explanation else ())
        ],
        is_exact=found.is_exact,
        missing=found.missing,
    )

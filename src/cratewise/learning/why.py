"""Why one listing is, or is not, for this account."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cratewise.errors import UnknownListing
from cratewise.learning.refit import missing
from cratewise.learning.relate import Relating
from cratewise.learning.serving import serving
from cratewise.score import explain as explain_rule
from cratewise.score import explain_without_price
from cratewise.store.described import described
from cratewise.store.judgements import tally
from cratewise.store.models import taste_choice
from cratewise.taste.explanation import Explanation

if TYPE_CHECKING:
    from sqlalchemy import Connection

PRICE = ("price", "price_minor", "currency")
EXACT = "cratewise"  # the kind whose contributions are not scaled


@dataclass(frozen=True)
class Why:
    """What is thought of a listing.

    version      of the model that says so; None: the rule score serves
    chance       of a keep, 0 to 1; None while the rule score serves
    threshold    from which on a keep is predicted
    sentence     the strongest reasons
    explanation  every contribution, in log-odds; None while the rule score serves
    is_exact     each contribution is the column's own; False: scaled to add up to the log-odds
    missing      verdicts that are missing before a model may serve; "" when none are
    """

    listing_id: int
    version: int | None
    chance: float | None
    threshold: float | None
    sentence: str
    explanation: Explanation | None
    is_exact: bool
    missing: str


def why(
    db: "Connection",
    account_id: int,
    folder: Path,
    listing_id: int,
    *,
    catalog: Path | None = None,
    is_price_hidden: bool = False,
) -> Why:
    """What the live model thinks of a listing, and why; else what the rule says.

    catalog          its file, which tells who is in the credits
    is_price_hidden  its price is not told, and it is looked at as if nobody had told one

    Raises UnknownListing.
    """
    told = described(db, [listing_id])
    if listing_id not in told:
        raise UnknownListing(listing_id)
    one = told[listing_id] | (dict.fromkeys(PRICE) if is_price_hidden else {})
    counts, served = tally(db, account_id), serving(db, account_id, folder)
    if served.row is None or served.model is None:
        counted = one["want"], one["have"]
        sentence = explain_rule(*counted, one["price"])
        if is_price_hidden:
            sentence = explain_without_price(*counted)
        few = missing(counts.keeps, counts.skips)
        return Why(listing_id, None, None, None, sentence, None, True, few)
    relating = Relating.of(db, account_id, catalog, release_ids=[one["release_id"]])
    (listing,) = relating.related([one], tells=True)
    choice = taste_choice(db, account_id)
    chosen = choice.threshold if choice else None
    (explanation,) = served.model.explain([listing])
    return Why(
        listing_id=listing_id,
        version=served.row.version,
        chance=float(served.model.predict_proba([listing])[0]),
        threshold=served.row.threshold if chosen is None else chosen,
        sentence=explanation.sentence,
        explanation=explanation,
        is_exact=served.row.kind == EXACT,
        missing="",
    )

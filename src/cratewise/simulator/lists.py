"""Fill a buyer's wantlist and collection with good records of the genres it likes."""

import numpy as np

from .catalogue import Catalogue
from .members import Member, Owned, Want
from .shop import TODAY
from .stock import MEDIA_GRADES
from .taxonomy import GENRES

WANTS = 340  # four pages of 100
OWNS = 270
FIRST_INSTANCE = 400_000_000
SIX_YEARS = 6 * 365 * 86_400  # seconds


def fill_lists(member: Member, catalogue: Catalogue, seed: int) -> None:
    """The same member likes the same in every world of a seed."""
    random = np.random.default_rng([seed, 20, member.id])
    taste = random.gamma(0.4, size=len(GENRES)) + 0.02
    likely = catalogue.popularity(taste) * catalogue.worth
    rows = random.choice(len(catalogue), size=WANTS + OWNS, replace=False, p=likely / likely.sum())
    ids = [catalogue.release_id(int(row)) for row in rows]
    added = (TODAY - random.integers(0, SIX_YEARS, size=len(ids))).tolist()
    for release_id, added_at in zip(ids[:WANTS], added, strict=False):
        member.wants[release_id] = Want(release_id, added_at)
    for place in range(OWNS):
        copy = Owned(FIRST_INSTANCE + place, ids[WANTS + place], added[WANTS + place])
        copy.rating = int(random.integers(0, 6))
        if place % 3 == 0:
            grades = random.choice(MEDIA_GRADES[:5], size=2)
            copy.notes = {1: str(grades[0]), 2: str(grades[1])}
        member.collection.append(copy)

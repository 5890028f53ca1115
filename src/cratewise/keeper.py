"""The keeper rule: a preset that marks the listings worth a look, and drops none.

The one shipped marks LPs in Good Plus or better that more people want than own.
"""

import re
from functools import lru_cache
from typing import Protocol

import msgspec

from cratewise.errors import PresetError
from cratewise.grades import Grade


class Judged(Protocol):
    """What the rule looks at in a listing."""

    @property
    def format(self) -> str: ...
    @property
    def media_grade(self) -> Grade | None: ...
    @property
    def want(self) -> int | None: ...
    @property
    def have(self) -> int | None: ...


class KeeperRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=False):
    """All of its terms must hold; what is unknown of a listing does not hold.

    format_holds            each is a term of the format: ("LP",) holds for "2xLP, Album"
    media_grade_at_least    None: any grade, unknown too
    wants_over_haves        more people want the release than own it
    """

    format_holds: tuple[str, ...] = ("LP",)
    media_grade_at_least: Grade | None = Grade.GOOD_PLUS
    wants_over_haves: bool = True

    def keeps(self, listing: Judged) -> bool:
        """Whether the rule marks this listing."""
        return (
            all(format_has(listing.format, term) for term in self.format_holds)
            and self._grade_is_good_enough(listing.media_grade)
            and (not self.wants_over_haves or _is_rare(listing.want, listing.have))
        )

    def _grade_is_good_enough(self, grade: Grade | None) -> bool:
        least = self.media_grade_at_least
        return least is None or (grade is not None and grade >= least)

    def __str__(self) -> str:
        terms = list(self.format_holds)
        if self.media_grade_at_least is not None:
            terms.append(f"{self.media_grade_at_least.short} or better")
        if self.wants_over_haves:
            terms.append("wanted by more than own it")
        return ", ".join(terms) or "everything"

    def to_json(self) -> str:
        return msgspec.json.encode(self).decode()


DEFAULT = KeeperRule()


def rule_from_json(text: str) -> KeeperRule:
    """The rule that `KeeperRule.to_json` wrote.

    Raises PresetError saying which term makes no sense.
    """
    try:
        return msgspec.json.decode(text, type=KeeperRule)
    except msgspec.DecodeError as error:
        raise PresetError(f"This keeper rule makes no sense: {error}.") from None


@lru_cache(maxsize=4096)  # a shop has some hundred formats for its 100,000 listings
def format_has(format_text: str, term: str) -> bool:
    """Whether a format names `term`, in any case and any number: "2xLP, Album + CD" has an LP."""
    wanted = term.strip().lower()
    return any(without_number(part) == wanted for part in format_terms(format_text))


def without_number(term: str) -> str:
    """A term of a format without how many there are: "LP" for "2xLP"."""
    return re.sub(r"^\d{1,2}x", "", term)


def format_terms(format_text: str) -> list[str]:
    """The terms of a format as a listing tells it, in lower case: ["2xlp", "album", "cd"]."""
    return [part.strip() for part in re.split(r"[,+]", format_text.lower()) if part.strip()]


def _is_rare(want: int | None, have: int | None) -> bool:
    return want is not None and have is not None and want > have

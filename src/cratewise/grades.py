"""Discogs' grades on one ordered scale, for media and for sleeves.

Quality runs from POOR (1) to MINT (8).  A sleeve may also be generic, missing or
not graded: those say nothing about quality, so they stand below POOR (0 and
less), and "VG or better" never lets them in.
"""

from collections.abc import Mapping
from enum import IntEnum


class Grade(IntEnum):
    """A condition, worst to best; values are stored, so they never change."""

    NO_COVER = -2
    GENERIC = -1
    NOT_GRADED = 0
    POOR = 1
    FAIR = 2
    GOOD = 3
    GOOD_PLUS = 4
    VERY_GOOD = 5
    VERY_GOOD_PLUS = 6
    NEAR_MINT = 7
    MINT = 8

    @property
    def is_quality(self) -> bool:
        """False for a sleeve that is generic, missing or not graded."""
        return self >= Grade.POOR

    @property
    def short(self) -> str:
        """As dealers write it: 'VG+'."""
        return _SHORT[self]

    @property
    def name_on_discogs(self) -> str:
        """As Discogs spells it: 'Very Good Plus (VG+)'."""
        return _ON_DISCOGS[self]


_SHORT: Mapping[Grade, str] = {
    Grade.MINT: "M",
    Grade.NEAR_MINT: "NM",
    Grade.VERY_GOOD_PLUS: "VG+",
    Grade.VERY_GOOD: "VG",
    Grade.GOOD_PLUS: "G+",
    Grade.GOOD: "G",
    Grade.FAIR: "F",
    Grade.POOR: "P",
    Grade.NOT_GRADED: "not graded",
    Grade.GENERIC: "generic",
    Grade.NO_COVER: "no cover",
}

_ON_DISCOGS: Mapping[Grade, str] = {
    Grade.MINT: "Mint (M)",
    Grade.NEAR_MINT: "Near Mint (NM or M-)",
    Grade.VERY_GOOD_PLUS: "Very Good Plus (VG+)",
    Grade.VERY_GOOD: "Very Good (VG)",
    Grade.GOOD_PLUS: "Good Plus (G+)",
    Grade.GOOD: "Good (G)",
    Grade.FAIR: "Fair (F)",
    Grade.POOR: "Poor (P)",
    Grade.NOT_GRADED: "Not Graded",
    Grade.GENERIC: "Generic",
    Grade.NO_COVER: "No Cover",
}


def _spellings() -> dict[str, Grade]:
    found: dict[str, Grade] = {
        "m-": Grade.NEAR_MINT,
        "nm-": Grade.NEAR_MINT,
        "nm or m-": Grade.NEAR_MINT,
    }
    for grade in Grade:
        full = _ON_DISCOGS[grade].lower()
        found |= {full: grade, full.partition(" (")[0]: grade, grade.short.lower(): grade}
    return found


_BY_SPELLING = _spellings()


def parse_media(text: str | None) -> Grade | None:
    """The grade that `text` spells, in full or short, in any case; None when it is none."""
    grade = parse_sleeve(text)
    return grade if grade is not None and grade.is_quality else None


def parse_sleeve(text: str | None) -> Grade | None:
    """As `parse_media`, and Generic, Not Graded and No Cover too."""
    return _BY_SPELLING.get(" ".join(text.lower().split())) if text else None

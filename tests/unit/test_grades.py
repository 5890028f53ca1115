"""Grades stand on one scale, and a sleeve without a grade is better than none."""

import pytest

from cratewise.grades import Grade, parse_media, parse_sleeve

QUALITY = [grade for grade in Grade if grade.is_quality]


def test_the_eight_grades_run_from_poor_to_mint() -> None:
    assert [grade.short for grade in sorted(QUALITY)] == [
        "P",
        "F",
        "G",
        "G+",
        "VG",
        "VG+",
        "NM",
        "M",
    ]


@pytest.mark.parametrize("grade", list(Grade))
def test_discogs_own_spelling_is_read(grade: Grade) -> None:
    assert parse_sleeve(grade.name_on_discogs) is grade


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("vg+", Grade.VERY_GOOD_PLUS),
        ("M-", Grade.NEAR_MINT),
        ("near mint", Grade.NEAR_MINT),
        ("Very  good plus", Grade.VERY_GOOD_PLUS),
        (" Good (G) ", Grade.GOOD),
    ],
)
def test_dealers_spellings_are_read(text: str, grade: Grade) -> None:
    assert parse_media(text) is grade


@pytest.mark.parametrize("text", [None, "", "Excellent", "VG++", "Mint-ish"])
def test_what_is_no_grade_stays_unknown(text: str | None) -> None:
    assert parse_media(text) is None
    assert parse_sleeve(text) is None


@pytest.mark.parametrize("text", ["Generic", "Not Graded", "No Cover"])
def test_only_a_sleeve_may_be_generic_missing_or_not_graded(text: str) -> None:
    grade = parse_sleeve(text)

    assert grade is not None
    assert not grade.is_quality
    assert grade < Grade.POOR
    assert parse_media(text) is None


def test_stored_values_never_change() -> None:
    """The database holds these numbers: another order would regrade every record in it."""
    assert {grade.name: grade.value for grade in Grade} == {
        "NO_COVER": -2,
        "GENERIC": -1,
        "NOT_GRADED": 0,
        "POOR": 1,
        "FAIR": 2,
        "GOOD": 3,
        "GOOD_PLUS": 4,
        "VERY_GOOD": 5,
        "VERY_GOOD_PLUS": 6,
        "NEAR_MINT": 7,
        "MINT": 8,
    }

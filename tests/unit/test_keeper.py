"""The keeper rule marks what its terms say, and a preset survives being stored."""

from dataclasses import dataclass

import pytest

from cratewise.errors import PresetError
from cratewise.grades import Grade
from cratewise.keeper import DEFAULT, KeeperRule, format_has, rule_from_json


@dataclass
class Copy:
    format: str = "LP, Album"
    media_grade: Grade | None = Grade.VERY_GOOD
    want: int | None = 20
    have: int | None = 10


@pytest.mark.parametrize(
    ("copy", "is_kept"),
    [
        (Copy(), True),
        (Copy(format="2xLP, Comp"), True),
        (Copy(format='12", EP'), False),
        (Copy(format=""), False),
        (Copy(media_grade=Grade.GOOD_PLUS), True),
        (Copy(media_grade=Grade.GOOD), False),
        (Copy(media_grade=None), False),
        (Copy(want=10), False),
        (Copy(want=11), True),
        (Copy(want=None), False),
        (Copy(have=None), False),
    ],
)
def test_the_default_keeps_wanted_lps_in_good_plus_or_better(copy: Copy, is_kept: bool) -> None:
    assert DEFAULT.keeps(copy) is is_kept


@pytest.mark.parametrize(
    ("text", "term", "has"),
    [
        ("2xLP, Album, RE", "LP", True),
        ("LP + CD, Album", "cd", True),
        ("LP, Album, Repress", "EP", False),
        ('7", Single', '7"', True),
        ("MiniLP", "LP", False),
        ("12xVinyl, LP", "vinyl", True),
        ("LP", "", False),
    ],
)
def test_a_format_has_whole_terms_in_any_case_and_number(text: str, term: str, has: bool) -> None:
    assert format_has(text, term) is has


def test_a_rule_without_terms_marks_everything() -> None:
    rule = KeeperRule(format_holds=(), media_grade_at_least=None, wants_over_haves=False)

    assert rule.keeps(Copy(format="", media_grade=None, want=None, have=None))
    assert str(rule) == "everything"


def test_a_stored_rule_comes_back_the_same() -> None:
    rule = KeeperRule(format_holds=('12"',), media_grade_at_least=Grade.NEAR_MINT)

    assert rule_from_json(rule.to_json()) == rule
    assert rule_from_json("{}") == DEFAULT


@pytest.mark.parametrize(
    "nonsense", ["", "[]", '{"format_hold": ["LP"]}', '{"media_grade_at_least": 99}']
)
def test_a_rule_that_makes_no_sense_is_refused(nonsense: str) -> None:
    with pytest.raises(PresetError, match="makes no sense"):
        rule_from_json(nonsense)


def test_a_rule_reads_as_a_sentence() -> None:
    assert str(DEFAULT) == "LP, G+ or better, wanted by more than own it"

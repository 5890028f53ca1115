"""How commands end: a sentence on standard error and a code for scripts."""

import errno
import inspect

import pytest

from cratewise import errors
from cratewise.cli.ending import EXIT_CODES, MEANINGS, ending_well, exit_code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.SettingError("CRATEWISE_CURRENCY", "no"), 2),
        (errors.UnknownSeller("nobody"), 3),
        (errors.SellerSuspended("crook"), 3),
        (errors.NotAuthenticated("no token", status=401), 4),
        (errors.RateLimited(30), 5),
        (errors.DiscogsUnreachable("no network"), 5),
        (errors.StoreFull("no space"), 6),
        (errors.ImportRefused("wrong header"), 7),
        (errors.PullStopped("alice", 1), 130),
    ],
)
def test_a_script_can_tell_from_the_code_what_went_wrong(
    error: errors.CratewiseError, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left, ending_well():
        raise error

    assert left.value.code == code
    assert capsys.readouterr().err == f"cratewise: {error}\n"


def test_every_error_has_a_code_and_every_code_a_meaning() -> None:
    kinds = [
        kind
        for kind in vars(errors).values()
        if inspect.isclass(kind) and issubclass(kind, errors.CratewiseError)
    ]

    codes = {exit_code(kind.__new__(kind)) for kind in kinds}

    assert {code for _, code in EXIT_CODES} | {0} == set(MEANINGS)
    assert codes <= set(MEANINGS)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "what is written: No space left"),
        (
            PermissionError(errno.EACCES, "Permission denied", "/crates"),
            "/crates: Permission denied.",
        ),
    ],
)
def test_what_the_system_refuses_is_told_in_its_words(
    error: OSError, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left, ending_well():
        raise error

    assert left.value.code == 7
    assert capsys.readouterr().err.startswith(f"cratewise: {said}")


def test_a_mistake_of_ours_is_admitted_without_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as left, ending_well():
        _ = 1 / 0

    said = capsys.readouterr().err
    assert left.value.code == 1
    assert "ZeroDivisionError" in said
    assert "report" in said
    assert "Traceback" not in said


def test_the_traceback_comes_when_it_is_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRATEWISE_DEBUG", "1")

    with pytest.raises(SystemExit), ending_well():
        raise errors.StoreFull("no space")

    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c_leaves_with_130_and_says_that_nothing_is_lost(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as left, ending_well():
        raise KeyboardInterrupt

    assert left.value.code == 130
    assert "what was read is kept" in capsys.readouterr().err

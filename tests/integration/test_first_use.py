"""The first use of an installation, at a terminal and in a pipe."""

import json
import os
import subprocess
import sys

import pytest

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")


def in_a_pipe(*arguments: str, **changes: str) -> str:
    answer = subprocess.run(
        [sys.executable, "-m", "cratewise", *arguments],
        env={**os.environ, "LC_ALL": "de_AT.UTF-8", **changes},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout


def at_a_terminal(typed: str, *arguments: str, **changes: str) -> str:
    """What the screen shows when a person types this."""
    person, terminal = pty.openpty()
    os.write(person, typed.encode())
    program = subprocess.Popen(
        [sys.executable, "-m", "cratewise", *arguments],
        env={**os.environ, "LC_ALL": "de_AT.UTF-8", "CI": "", **changes},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    shown = b""
    while chunk := _read(person):
        shown += chunk
    os.close(person)
    assert program.wait() == 0, shown.decode()
    return shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so when nobody is left at the other end
        return b""


def test_in_a_pipe_the_locale_decides_and_nothing_is_asked() -> None:
    assert json.loads(in_a_pipe("region", "--json")) == {"currency": "EUR", "country": "AT"}


def test_a_person_is_asked_once_and_enter_takes_what_the_locale_says() -> None:
    first = at_a_terminal("chf\n\n", "sellers")
    second = at_a_terminal("", "sellers")

    assert "Your currency [EUR]" in first
    assert "Your country, two letters [AT]" in first
    assert "Your currency" not in second
    assert json.loads(in_a_pipe("region", "--json")) == {"currency": "CHF", "country": "AT"}


def test_an_answer_that_is_none_is_asked_again() -> None:
    shown = at_a_terminal("florins\nGBP\nGB\n", "sellers")

    assert "'florins' is not a currency" in shown
    assert json.loads(in_a_pipe("region", "--json")) == {"currency": "GBP", "country": "GB"}


def test_a_setting_goes_before_what_was_answered() -> None:
    in_a_pipe("region", "--currency", "CHF")

    told = json.loads(in_a_pipe("region", "--json", CRATEWISE_CURRENCY="JPY"))

    assert told["currency"] == "JPY"
    assert json.loads(in_a_pipe("region", "--json"))["currency"] == "CHF"

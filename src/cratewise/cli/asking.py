"""What a person is asked at first use, and how an answer is read."""

from collections.abc import Callable
from typing import Any

import typer

from cratewise.errors import MoneyError, SettingError, UnknownCurrency
from cratewise.money import MINOR_DIGITS
from cratewise.region import Region


def ask_region(guess: Region) -> Region:
    """Currency and country of whoever sits at the terminal; Enter takes the guess."""
    typer.echo(
        "Prices are compared in one currency, and postage depends on where you live.\n"
        "Asked this once; `cratewise region` changes it.",
        err=True,
    )
    currency = _ask("Your currency", guess.currency, currency_of)
    country = _ask("Your country, two letters", guess.country, country_of)
    return Region(country, currency)


def currency_of(answer: str) -> str:
    """ISO 4217 in capitals.  Raises UnknownCurrency."""
    code = answer.strip().upper()
    if code not in MINOR_DIGITS:
        raise UnknownCurrency(answer)
    return code


def country_of(answer: str) -> str:
    """ISO 3166, two capitals.  Raises SettingError."""
    code = answer.strip().upper()
    if len(code) != 2 or not (code.isascii() and code.isalpha()):
        raise SettingError("--country", f"{answer!r} is no country; expected two letters like DE.")
    return code


def _ask(question: str, guess: str, read: Callable[[str], str]) -> str:
    while True:
        answer: Any = typer.prompt(question, default=guess, err=True)
        try:
            return read(answer)
        except (MoneyError, SettingError) as error:
            typer.echo(str(error), err=True)

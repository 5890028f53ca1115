"""The program's own commands, on each database."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from cratewise.cli.app import app

Cratewise = Callable[..., Result]


@pytest.fixture
def cratewise(store: Engine, monkeypatch: pytest.MonkeyPatch) -> Cratewise:
    """Run a command on the store, as somebody in Germany who counts in euros."""
    monkeypatch.setenv("CRATEWISE_DATABASE_URL", store.url.render_as_string(False))
    monkeypatch.setenv("CRATEWISE_CURRENCY", "EUR")
    monkeypatch.setenv("CRATEWISE_COUNTRY", "DE")
    return lambda *arguments: CliRunner().invoke(app, list(arguments), prog_name="cratewise")


@pytest.fixture
def answered(cratewise: Cratewise) -> Callable[..., Any]:
    """What a command that must succeed answers to a program."""

    def answer(*arguments: str) -> Any:
        result = cratewise(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return answer

"""`cratewise catalog` as tests type it."""

import json
from typing import Any

from typer.testing import CliRunner, Result

from cratewise.cli.app import app


def cratewise(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["catalog", *arguments], prog_name="cratewise")


def answered(*arguments: str) -> Any:
    """What it answers as JSON."""
    result = cratewise(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)

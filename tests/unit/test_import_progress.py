"""An import tells how far it is."""

import pytest

from cratewise.cli import progress
from cratewise.cli.progress import PullProgress


def test_an_import_that_takes_long_tells_how_many_listings_are_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "PLAIN_EVERY_SECONDS", 0.0)
    with PullProgress() as telling:
        telling.count("inventory.csv", 12_500)

    assert capsys.readouterr().err == "inventory.csv: 12,500 listings kept\n"

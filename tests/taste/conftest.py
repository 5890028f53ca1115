"""What the tests of taste share: a market, verdicts on some of it, and trained models."""

from typing import Any

import pytest
from tests.taste.market import market, taste

from cratewise.taste import models


@pytest.fixture(scope="session")
def stock() -> list[dict[str, Any]]:
    return market()


@pytest.fixture(scope="session", params=models.NAMES)
def trained(request: pytest.FixtureRequest, stock: list[dict[str, Any]]) -> models.Model:
    judged = stock[:80]
    return models.make(request.param).fit(judged, taste(judged), stock)


@pytest.fixture(scope="session")
def cratewise(stock: list[dict[str, Any]]) -> models.Model:
    judged = stock[:80]
    return models.make("cratewise").fit(judged, taste(judged), stock)

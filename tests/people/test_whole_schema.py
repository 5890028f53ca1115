"""Whatever the description of the API allows is answered as it says: where many sign in."""

from sqlalchemy import Engine
from tests.api.serving import Api
from tests.api.whole_schema import ask_all, stock
from tests.people.conftest import PUBLIC, Person


def test_whatever_somebody_signed_in_asks_is_answered_as_described(
    server: Api, ann: Person, store: Engine
) -> None:
    stock(store, 1)
    cookies = "; ".join(f"{name}={value}" for name, value in ann.cookies.items())
    headers = {"host": PUBLIC.removeprefix("https://"), "cookie": cookies, "x-csrf-token": ann.csrf}
    answered, wrong = ask_all(server.url, headers)

    assert wrong == []
    assert answered > 100

"""Whatever the description of the API allows is answered as it says: on one machine."""

from sqlalchemy import Engine
from tests.api.serving import Api
from tests.api.whole_schema import ask_all, stock


def test_whatever_is_asked_on_one_machine_is_answered_as_described(api: Api, store: Engine) -> None:
    stock(store, api.here.account().id)
    answered, wrong = ask_all(api.url, {})

    assert wrong == []
    assert answered > 100

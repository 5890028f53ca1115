"""`cratewise disconnect`: forget who we are to Discogs."""

from cratewise.cli.connect import forget
from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import AsJson

EXAMPLES = (("cratewise disconnect", "what was read stays; 25 requests a minute from then on"),)


def disconnect(*, as_json: AsJson = False) -> None:
    """Forget the connected Discogs account.

    What was read stays.  Discogs keeps believing the token until it is revoked at
    https://www.discogs.com/settings/applications.
    """
    settings = open_settings()
    with opened_store(settings) as engine:
        forget(engine, open_account(settings, engine), as_json=as_json)

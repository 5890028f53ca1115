"""Two files that lie beside the earlier database: whom it followed, and what it was allowed."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from cratewise.discogs.names import seller_name
from cratewise.errors import ImportRefused, ImpossibleName


class FollowedThere(NamedTuple):
    """Sellers of `user_inventories.json`; `impossible`: names that no seller can have."""

    names: list[str]
    impossible: list[str]


class OwnToken(NamedTuple):
    """An OAuth token that a member allowed the earlier system, with its secret."""

    token: str
    secret: str


def followed_there(path: Path) -> FollowedThere:
    """The sellers that were followed, in their order.

    Raises ImportRefused when the file is no such list.
    """
    said = _opened(path)
    if not isinstance(said, dict) or not all(isinstance(one, dict) for one in said.values()):
        raise ImportRefused(
            f"{path} is no user_inventories.json: expected an object of sellers, each with "
            "`last_inventory` and `record_ids`."
        )
    found = FollowedThere([], [])
    for name in said:
        try:
            found.names.append(seller_name(name))
        except ImpossibleName:
            found.impossible.append(name)
    return found


def own_token(path: Path) -> OwnToken:
    """The OAuth token of the earlier system's file.

    Raises ImportRefused when it holds none; what it holds is in no sentence.
    """
    said = _opened(path)
    told = [said.get(name) for name in ("token", "secret")] if isinstance(said, dict) else []
    if len(told) != 2 or not all(isinstance(one, str) and one.strip() for one in told):
        raise ImportRefused(
            f"{path} holds no OAuth token: expected an object with `token` and `secret`."
        )
    return OwnToken(*(str(one).strip() for one in told))


def _opened(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ImportRefused(f"There is no file {path}.") from None
    except OSError as error:
        raise ImportRefused(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError:
        raise ImportRefused(f"{path} is not JSON.") from None

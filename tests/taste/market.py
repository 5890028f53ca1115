"""A small market with a taste in it: who keeps dub techno, and what that is worth knowing."""

import random
from typing import Any

STYLES = ["Dub Techno", "House", "Ambient", "Trance", "Electro"]


def market(count: int = 400, seed: int = 0) -> list[dict[str, Any]]:
    """Listings of artists who each work in one style, and now and then in another."""
    dice = random.Random(seed)
    listings = []
    for number in range(count):
        artist = dice.randrange(80)
        style = STYLES[artist % 5] if dice.random() < 0.8 else dice.choice(STYLES)
        listings.append(
            {
                "artist": f"Artist {artist}",
                "title": f"Record {number % 150}",
                "label": f"Label {artist % 20}",
                "format": "Vinyl, LP",
                "country": dice.choice(["UK", "Germany"]),
                "year": 1990 + artist % 10,
                "genres": ["Electronic"],
                "styles": [style],
                "want": dice.randrange(1, 500),
                "have": dice.randrange(1, 500),
                "price": round(dice.uniform(2, 30), 2),
                "media_condition": dice.choice(["Mint (M)", "Very Good (VG)", "NM"]),
            }
        )
    return listings


def taste(listings: list[dict[str, Any]]) -> list[bool]:
    """Keeps whatever is by an artist of dub techno."""
    return [int(one["artist"].split()[1]) % 5 == 0 for one in listings]

"""The options of `cratewise search`: every term of a filter, and how a page is asked for."""

from typing import Annotated, Any

import typer

from cratewise.cli.choosing import complete_seller, read_sleeve
from cratewise.grades import Grade

WHEN = "WHEN"  # 2026-11-01, or how long ago: 12h, 3d
Names = list[str] | None


def _some(name: str, metavar: str, help_text: str) -> Any:
    return typer.Option(name, metavar=metavar, help=help_text, show_default=False)


def _whether(name: str, help_text: str) -> Any:
    return typer.Option(f"--{name}/--not-{name}", help=help_text, show_default=False)


Words = Annotated[list[str] | None, typer.Argument(metavar="[WORDS]...", show_default=False)]
Sellers = Annotated[
    Names,
    typer.Option(
        "--seller",
        metavar="SELLER",
        help="One of these sellers.",
        show_default=False,
        autocompletion=complete_seller,
    ),
]
Genres = Annotated[Names, _some("--genre", "GENRE", "One of these genres; repeat.")]
Styles = Annotated[Names, _some("--style", "STYLE", "One of these styles.")]
AllStyles = Annotated[Names, _some("--each-style", "STYLE", "Each of them.")]
NoStyles = Annotated[Names, _some("--not-style", "STYLE", "None of them.")]
_FORMAT = 'A term of its format: LP, 7", Album. Repeat for more.'
Formats = Annotated[
    Names,
    typer.Option("--format", "--record-format", metavar="TERM", help=_FORMAT, show_default=False),
]
RecordFormats = Annotated[Names, _some("--record-format", "TERM", _FORMAT)]  # --format is a file's
Labels = Annotated[Names, _some("--label", "LABEL", "One of these labels.")]
Artists = Annotated[Names, _some("--artist", "ARTIST", "One of these artists.")]
Countries = Annotated[Names, _some("--country", "COUNTRY", "Where it came out.")]
ShipsFrom = Annotated[Names, _some("--from", "COUNTRY", "Where it is sent from.")]
FromYear = Annotated[int | None, typer.Option(show_default=False)]
ToYear = Annotated[int | None, typer.Option(show_default=False)]
MinPrice = Annotated[str | None, _some("--min-price", "PRICE", "At least: 5EUR.")]
MinLanded = Annotated[str | None, _some("--min-landed", "PRICE", "With postage.")]
MaxLanded = Annotated[str | None, _some("--max-landed", "PRICE", "With postage.")]
Sleeve = Annotated[
    Grade | None,
    typer.Option(metavar="GRADE", help="The sleeve's.", show_default=False, parser=read_sleeve),
]
MinScore = Annotated[float | None, typer.Option(show_default=False)]
MaxScore = Annotated[float | None, typer.Option(show_default=False)]
MinWant = Annotated[int | None, _some("--min-want", "MANY", "So many want it.")]
MaxWant = Annotated[int | None, _some("--max-want", "MANY", "At most so many do.")]
MinHave = Annotated[int | None, _some("--min-have", "MANY", "So many own it.")]
MaxHave = Annotated[int | None, _some("--max-have", "MANY", "At most so many do.")]
MinWantHave = Annotated[
    float | None, typer.Option(help="So many want it for each who owns it.", show_default=False)
]
MaxWantHave = Annotated[float | None, typer.Option(show_default=False)]
ListedSince = Annotated[
    str | None, _some("--listed-since", WHEN, "The seller listed it then or later.")
]
NewSince = Annotated[str | None, _some("--new-since", WHEN, "First seen here later.")]
DroppedSince = Annotated[
    str | None, _some("--dropped-since", WHEN, "It got cheaper later than that.")
]
BackSince = Annotated[
    str | None, _some("--back-since", WHEN, "It was gone, and came back later than that.")
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Only prices read in the last six hours.")]
Wanted = Annotated[bool | None, _whether("wanted", "On your wantlist.")]
Owned = Annotated[bool | None, _whether("owned", "In your collection.")]
OtherPressing = Annotated[bool | None, _whether("other-pressing", "You own another pressing.")]
Judged = Annotated[str | None, _some("--judged", "HOW", "keep, skip, either or neither, by you.")]
Predicted = Annotated[bool | None, _whether("predicted", "A chance of keep is known.")]
MinProbability = Annotated[
    float | None, typer.Option(min=0, max=1, help="That you keep it.", show_default=False)
]
MaxProbability = Annotated[float | None, typer.Option(min=0, max=1, show_default=False)]
Release = Annotated[int | None, _some("--release", "ID", "Copies of this release.")]
Master = Annotated[int | None, _some("--master", "ID", "Of any pressing of it.")]
WithGone = Annotated[bool, typer.Option("--gone", help="Show what is gone too.")]
OnlyGone = Annotated[bool, typer.Option("--only-gone", help="Show that alone.")]
WithHidden = Annotated[bool, typer.Option("--hidden", help="Show what you hid too.")]
OnlyHidden = Annotated[bool, typer.Option("--only-hidden", help="Show that alone.")]
Sort = Annotated[
    str,
    typer.Option(
        metavar="ORDER",
        help="score, price, landed, artist, title, year, listed, want_have, probability or "
        "discount.",
    ),
]
Reverse = Annotated[bool, typer.Option("--reverse", help="The other way round.")]
Page = Annotated[int, typer.Option(min=1, max=10_000_000, help="Which page to show.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="How many to show a page.")]
Facet = Annotated[
    str | None, _some("--facet", "NAME", "Count by genre, style, format ... instead.")
]
Save = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Keep this search, for `alerts --on`.", show_default=False),
]

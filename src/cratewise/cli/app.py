"""The program `cratewise`: which commands there are, and what each is for.

A command's file is loaded when it is called and not before, so that `--help`
and completion answer at once: numpy, the database and the job engine take longer
to load than most commands take to run.
"""

import importlib
import sys
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from cratewise import __version__
from cratewise.cli.ending import ending_well


class Deed(NamedTuple):
    """A command before it is loaded: where it lives and what it is for, in one line."""

    place: str  # module:name under cratewise.cli; a function, or a Typer of its own commands
    purpose: str  # the first line of its docstring; a test compares them
    section: str


HELP_WIDTH = 76  # what help leaves of 80 columns

READ, LOOK, KEEP = "Read", "Look", "Set up"

DEEDS: dict[str, Deed] = {
    "demo": Deed("demo:demo", "Try it all on a simulated market: no account, no network.", READ),
    "pull": Deed("pull:pull", "Read sellers' whole stock into your index.", READ),
    "sync": Deed(
        "sync:sync", "Read your wantlist and collection, to mark what you want and own.", READ
    ),
    "catalog": Deed(
        "catalog:catalog",
        "Tell listings' genres, styles and countries by Discogs' monthly dump.",
        READ,
    ),
    "check": Deed(
        "check:check", "Check whether listings are still for sale, and at which price.", READ
    ),
    "wants": Deed(
        "wants:wants", "Show your wantlist, change it, or see who sells most of it.", READ
    ),
    "new": Deed("new:new", "Show what came, got cheaper, went and came back.", LOOK),
    "top": Deed("top:top", "Show the listings worth buying first, and why.", LOOK),
    "listings": Deed("listings:listings", "Look through the listings that were read.", LOOK),
    "search": Deed("search:search", "Find listings by anything that is known of them.", LOOK),
    "sellers": Deed("sellers:sellers", "List the sellers whose stock was read.", LOOK),
    "export": Deed("export:export", "Write listings as CSV, JSON, NDJSON, Parquet or XLSX.", LOOK),
    "pick": Deed("pick:pick", "Draw the record of the day, and vote on it.", LOOK),
    "crate": Deed("crate:crate", "Pack the best crate that a budget buys.", LOOK),
    "import": Deed("import_:import_", "Move what an earlier system knew into your index.", READ),
    "keeper": Deed("keeper:keeper", "Show or change what is marked as a keeper.", LOOK),
    "triage": Deed("triage:triage", "Judge listings, a key each: keep or skip.", LOOK),
    "copies": Deed(
        "copies:copies", "Compare all copies of a record at the sellers that you follow.", LOOK
    ),
    "profile": Deed("profile:profile", "Tell what an artist, a label or a style is like.", LOOK),
    "cheapest": Deed(
        "cheapest:cheapest", "Find the cheapest way to a set of wants, postage included.", LOOK
    ),
    "follow": Deed(
        "follow:follow", "Follow labels and artists: that speaks for their records.", LOOK
    ),
    "hide": Deed("hide:hide", "Hide labels, artists, styles, sellers or listings.", LOOK),
    "alerts": Deed("alerts:alerts", "Let searches report what comes; show what they found.", LOOK),
    "postage": Deed("postage:postage", "Show or note what sending records to you costs.", LOOK),
    "taste": Deed("taste:taste", "Show what was learnt from your verdicts, and steer it.", LOOK),
    "why": Deed("why:why", "Say why a listing is, or is not, for you.", LOOK),
    "rates": Deed("rates:rates", "Show, refresh or apply the currency rates.", LOOK),
    "connect": Deed("connect:connect", "Connect your Discogs account, or keep a token.", KEEP),
    "disconnect": Deed("disconnect:disconnect", "Forget the connected Discogs account.", KEEP),
    "doctor": Deed("doctor:doctor", "Check the installation, the database and Discogs.", KEEP),
    "region": Deed("region:region", "Show or change your currency and country.", KEEP),
    "freshness": Deed(
        "freshness:freshness", "Show or change what becomes of prices older than six hours.", KEEP
    ),
    "schedule": Deed(
        "schedule:schedule", "Show or change what is done by itself, and what is kept.", KEEP
    ),
    "db": Deed("db:db", "Look after the database.", KEEP),
    "devices": Deed(
        "devices:devices", "Show or forget the devices that `cratewise serve --lan` let in.", KEEP
    ),
    "people": Deed("people:people", "Say who may sign in where many are served.", KEEP),
    "secrets": Deed("secrets:secrets", "Make and change the keys that seal secrets.", KEEP),
    "backup": Deed("backup:backup", "Write everything that is kept into one file.", KEEP),
    "restore": Deed("restore:restore", "Fill an empty database from a backup.", KEEP),
    "serve": Deed("serve:serve", "Serve the web page and the HTTP API on this machine.", KEEP),
    "work": Deed("work:work", "Work the jobs that were asked for, until Ctrl-C.", KEEP),
    "simulate": Deed("simulate:simulate", "Serve a Discogs of our own on this machine.", KEEP),
}


class LateCommands(TyperGroup):
    """Lists commands from the table above; loads the one that is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - Typer calls it so
        return list(DEEDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        deed = DEEDS.get(cmd_name)
        return TyperCommand(cmd_name, help=deed.purpose) if deed else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        # What a mistyped name is compared with.
        self.commands = {name: self.get_command(ctx, name) for name in DEEDS}
        name, listed, rest = super().resolve_command(ctx, args)
        return name, load(name) if name and listed else None, rest

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        for section in (READ, LOOK, KEEP):
            with formatter.section(section):
                deeds = [(name, deed) for name, deed in DEEDS.items() if deed.section == section]
                formatter.write_dl([(name, deed.purpose) for name, deed in deeds])

    def invoke(self, ctx: Any) -> Any:
        with ending_well():
            return super().invoke(ctx)


def load(name: str) -> Any:
    """The command of that name, with the examples of its file below its help."""
    module_name, _, attribute = DEEDS[name].place.partition(":")
    module = importlib.import_module(f"cratewise.cli.{module_name}")
    found = getattr(module, attribute)
    if not isinstance(found, typer.Typer):
        function, found = found, typer.Typer(rich_markup_mode=None, add_completion=False)
        found.command(name)(function)
    command = get_command(found)
    command.name = name
    command.epilog = _examples(getattr(module, "EXAMPLES", ()))
    return command


def _examples(examples: tuple[tuple[str, str], ...]) -> str | None:
    if not examples:
        return None
    width = max(len(line) for line, _ in examples)
    lines = [f"  {line:<{width}}  {meaning}" for line, meaning in examples]
    if max(map(len, lines)) > HELP_WIDTH:
        lines = [f"  {line}\n      {meaning}" for line, meaning in examples]
    # \b keeps the lines as they are; without it help is wrapped as prose.
    return "\n".join(["\b", "Examples:", *lines])


app = typer.Typer(
    cls=LateCommands,
    rich_markup_mode=None,  # plain help loads in half the time, and reads well in a pipe
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`cratewise COMMAND --help` shows examples.  Begin with `cratewise demo`.",
)


def _tell_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"cratewise {__version__}")
        raise typer.Exit


@app.callback(no_args_is_help=True)
def cratewise(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", "-V", callback=_tell_version, is_eager=True, help="Show the version."
        ),
    ] = False,
) -> None:
    """Find the records worth buying in any Discogs seller's stock."""


def main() -> None:
    """What the installed program `cratewise` runs."""
    for stream in (sys.stdout, sys.stderr):
        # A title that the terminal cannot show becomes a question mark, not a crash.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # typed as TextIO
    app(prog_name="cratewise")

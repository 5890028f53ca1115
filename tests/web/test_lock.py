"""package-lock.json pins what the page is built from, on every platform, and names no host."""

import json
import re

from tests.docs.generated import ROOT

FOLDER = ROOT / "frontend"
LOCKED = json.loads((FOLDER / "package-lock.json").read_text("utf-8"))["packages"]
WANTED = json.loads((FOLDER / "package.json").read_text("utf-8"))


def test_no_package_is_locked_to_where_it_was_fetched() -> None:
    assert not [name for name, package in LOCKED.items() if "resolved" in package]


def test_every_package_is_locked_to_what_it_holds() -> None:
    assert not [name for name, package in LOCKED.items() if name and "integrity" not in package]


def test_what_we_ask_for_is_one_version() -> None:
    asked = {**WANTED["dependencies"], **WANTED["devDependencies"]}

    assert not [name for name, version in asked.items() if not re.fullmatch(r"[\d.]+", version)]


def test_variants_for_all_platforms_are_locked() -> None:
    """Versions were published of which some variants were not: `npm ci` refused them everywhere."""
    held = {name.rpartition("node_modules/")[2] for name in LOCKED}
    variants = {
        variant
        for package in LOCKED.values()
        for variant in package.get("optionalDependencies", ())
    }

    assert variants <= held

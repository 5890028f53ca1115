"""Settings are read once, checked, and their mistakes are told by name."""

import re
from pathlib import Path

import pytest

from cratewise.errors import SettingError
from cratewise.loopback import is_loopback
from cratewise.mode import read_mode
from cratewise.region import Region, region_of, region_of_this_machine
from cratewise.settings import SETTINGS, read_settings, scrub_environment


def test_without_settings_everything_has_a_default() -> None:
    settings = read_settings({})

    assert settings.discogs_api_url == "https://api.discogs.com"
    assert settings.discogs_minute_seconds == 60
    assert settings.discogs_token is None
    assert settings.database_url == f"sqlite:///{settings.data_dir / 'cratewise.sqlite'}"


def test_settings_are_read_from_the_environment(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "CRATEWISE_DATA_DIR": str(tmp_path),
            "CRATEWISE_DATABASE_URL": "postgresql://digger@localhost/crates",
            "CRATEWISE_DISCOGS_TOKEN": " abc ",
            "CRATEWISE_DISCOGS_API_URL": "http://127.0.0.1:8765/",
            "CRATEWISE_DISCOGS_MINUTE_SECONDS": "5",
            "CRATEWISE_QUOTA": "shop",
            "CRATEWISE_RATES_URL": "off",
            "CRATEWISE_CURRENCY": "gbp",
            "CRATEWISE_COUNTRY": "uk",
            "CRATEWISE_LOG_LEVEL": "DEBUG",
        }
    )

    assert settings.data_dir == tmp_path
    assert settings.discogs_token == "abc"
    assert settings.discogs_api_url == "http://127.0.0.1:8765"
    assert settings.discogs_minute_seconds == 5
    assert settings.quota == "shop"
    assert settings.rates_url is None
    assert (settings.currency, settings.country) == ("GBP", "GB")
    assert settings.log_level == "debug"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("CRATEWISE_DISCOGS_TOKEN", "two words"),
        ("CRATEWISE_DISCOGS_TOKEN", "ümlaut"),
        ("CRATEWISE_DISCOGS_API_URL", "api.discogs.com"),
        ("CRATEWISE_DISCOGS_API_URL", "http://discogs.example"),
        ("CRATEWISE_DISCOGS_API_URL", "http://127.0.0.1.example"),
        ("CRATEWISE_DISCOGS_API_URL", "https://host:99999"),
        ("CRATEWISE_DISCOGS_API_URL", "https://[::1"),
        ("CRATEWISE_DISCOGS_API_URL", "ftp://localhost"),
        ("CRATEWISE_DISCOGS_MINUTE_SECONDS", "soon"),
        ("CRATEWISE_DISCOGS_MINUTE_SECONDS", "0"),
        ("CRATEWISE_DISCOGS_MINUTE_SECONDS", "nan"),
        ("CRATEWISE_DISCOGS_MINUTE_SECONDS", "5"),
        ("CRATEWISE_RATES_URL", "http://rates.example"),
        ("CRATEWISE_CURRENCY", "euros"),
        ("CRATEWISE_COUNTRY", "Germany"),
        ("CRATEWISE_LOG_LEVEL", "loud"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(name: str, told: str) -> None:
    with pytest.raises(SettingError, match=name) as caught:
        read_settings({name: told})

    assert caught.value.name == name


def test_the_minute_is_short_for_a_server_on_this_machine_alone() -> None:
    told = {
        "CRATEWISE_DISCOGS_MINUTE_SECONDS": "2",
        "CRATEWISE_DISCOGS_API_URL": "https://api.example",
    }

    with pytest.raises(SettingError, match="60 seconds"):
        read_settings(told)
    here = read_settings({**told, "CRATEWISE_DISCOGS_API_URL": "http://[::1]:80"})
    assert here.discogs_minute_seconds == 2


def test_neither_the_token_nor_the_databases_password_is_shown() -> None:
    settings = read_settings(
        {
            "CRATEWISE_DISCOGS_TOKEN": "sesame",
            "CRATEWISE_DATABASE_URL": "postgresql://digger:sesame@localhost/x",
        }
    )

    assert "sesame" not in repr(settings)


def test_what_libraries_would_obey_unasked_is_forgotten() -> None:
    environ = {
        "DISCOGS_TOKEN": "x",
        "DBOS__APPVERSION": "1",
        "CRATEWISE_QUOTA": "q",
        "PATH": "/bin",
    }

    scrub_environment(environ)

    assert environ == {"CRATEWISE_QUOTA": "q", "PATH": "/bin"}


def test_every_setting_that_is_read_is_listed_and_the_other_way_round() -> None:
    source = Path(read_settings.__code__.co_filename).read_text()
    body = source.partition("def read_settings")[2]
    body += Path(read_mode.__code__.co_filename).read_text()

    assert set(re.findall(r"CRATEWISE_[A-Z_]+", body)) == {setting.name for setting in SETTINGS}


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://localhost:1", True),
        ("http://127.0.0.9", True),
        ("http://[::1]:8", True),
        ("https://api.discogs.com", False),
        ("http://localhost.example", False),
        ("", False),
    ],
)
def test_loopback_is_this_machine_and_nothing_that_looks_like_it(url: str, is_here: bool) -> None:
    assert is_loopback(url) is is_here


@pytest.mark.parametrize(
    ("locale", "region"),
    [
        ("de_AT.UTF-8", Region("AT", "EUR")),
        ("en-GB", Region("GB", "GBP")),
        ("zh_Hant_HK", Region("HK", "HKD")),
        ("sr_RS@latin", Region("RS", "USD")),
        ("C.UTF-8", None),
        ("POSIX", None),
        ("en_001", None),
        ("", None),
    ],
)
def test_a_locale_tells_country_and_currency(locale: str, region: Region | None) -> None:
    assert region_of(locale) == region


def test_the_first_variable_that_names_a_country_decides() -> None:
    environ = {"LC_ALL": "C.UTF-8", "LC_MONETARY": "sv_SE.UTF-8", "LANG": "en_US.UTF-8"}

    assert region_of_this_machine(environ) == Region("SE", "SEK")
    assert region_of_this_machine({}) == Region("US", "USD")

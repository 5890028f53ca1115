"""Words as they are compared: without case, accents, punctuation, and a namesake's number.

Both databases keep and compare what is made here, so both find the same; what a
release is found by and what somebody types go through the same forms.

    "The Björk (2)"    bjork            (typed; a release is found by `the` too)
    "AS-9203"          as9203, or as and 9203
    "Earth & Fire"     earth and fire
    '12"', "12 inch"   12in
    "2xLP"             lp, or 2xlp
    "東京ラジオ"        東京 京ラ ラジ ジオ    (nobody puts spaces there)
    "!!!"              what it is, where a name is nothing else
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

MOST_ASKED = 32  # different words of one search; those behind them do not count
LONGEST = 64  # letters of a word; what is behind them does not count

# Letters that are not an accent on another letter, as people without them type them.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_NAMESAKE = re.compile(r"(?<=\S)\s*\(\d{1,4}\)")  # "Nirvana (2)"
_INCHES = re.compile(r"\b(\d{1,2})\s*(?:\"|”|″|''|-?inch(?:es)?\b)")
_SPOKEN = re.compile(r"[&＆]")
_SPEAKS = frozenset("&＆\"”″'")  # without one of these, and inches, all stays as it is
_COPIES = re.compile(r"\b(\d+x)(?=[^\W\d])")  # "2xLP"
_PARTS = re.compile(r"[^\W_]+")
_RUNS = re.compile(r"[^\W\d_]+|\d+")  # letters, or digits
# Written without spaces: kana, Han, and what is used among them.
_UNSPACED = re.compile(
    r"[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+"
)


class Term(NamedTuple):
    """A word that a release must have; is_beginning: or a longer one that begins so."""

    word: str
    is_beginning: bool = False


# All of the terms of one of the ways.
Asked = tuple[tuple[Term, ...], ...]


@lru_cache(maxsize=4096)  # labels, formats and artists come again and again
def plain(text: str) -> str:
    """A text without case and accents: "Björk" is "bjork", full-width letters are plain ones."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    # Kana's own marks tell other sounds, and are put back by the last step.
    bare = "".join(c for c in apart if c in "\u3099\u309a" or unicodedata.category(c)[0] != "M")
    return unicodedata.normalize("NFKC", bare).translate(_PLAIN)


def words_of(artist: str, title: str, label: str, catalog_number: str, format: str) -> str:
    """All that a release is found by, each word once, in order, with a space between."""
    found = {*_named(artist), *_named(label), *_told_as(format)}
    found.update(_name_words(plain(title)))
    found.update(_number_words(plain(catalog_number)))
    return " ".join(sorted(found))


@lru_cache(maxsize=4096)  # artists and labels come again and again, formats even more
def _named(name: str) -> tuple[str, ...]:
    return tuple(_name_words(_NAMESAKE.sub("", plain(name))))


@lru_cache(maxsize=2048)
def _told_as(format: str) -> tuple[str, ...]:
    return tuple(_name_words(_COPIES.sub(r"\1-", plain(format))))


def asked_words(text: str) -> tuple[Asked, ...] | None:
    """What somebody typed: every one of these must be met; None: nothing was typed.

    The last word may be the beginning of one, unless a space follows; so may any word
    with an asterisk.  Only punctuation asks for names that are that and nothing else.
    """
    typed = text[:100_000].replace("\0", " ")
    if not typed.strip():
        return None
    chunks = _spoken(_NAMESAKE.sub("", plain(typed))).split()
    is_open = not typed[-1].isspace()
    asked = dict.fromkeys(
        one
        for number, chunk in enumerate(chunks, 1)
        for one in _asked_chunk(chunk, (is_open and number == len(chunks)) or chunk[-1] == "*")
    )
    if not asked:
        return tuple(((Term(_symbols(chunk)),),) for chunk in plain(typed).split()[:MOST_ASKED])
    # Who looks for "The Beatles" takes "Beatles, The" too, or "Beatles"; "The The" stays.
    meant = [one for one in asked if one[0][0].word != "the"] or list(asked)
    return tuple(meant[:MOST_ASKED])


def only_symbols(text: str) -> bool:
    """Whether something was typed that has neither letter nor digit: see `asked_words`."""
    typed = plain(text)
    return bool(typed.strip()) and not any(map(_parts, _spoken(typed).split()))


def has_words(words: str, asked: tuple[Asked, ...]) -> bool:
    """Whether these words, as `words_of` tells them, meet what was asked for."""
    apart = words.split(" ")
    among = frozenset(apart)

    def has(term: Term) -> bool:
        if term.is_beginning:
            return any(word.startswith(term.word) for word in apart)
        return term.word in among

    return all(any(all(map(has, way)) for way in one) for one in asked)


def _asked_chunk(chunk: str, is_beginning: bool) -> Iterator[Asked]:
    """What stands between two spaces: "AS-9203" is one word, or two."""
    parts = _parts(chunk)
    if not parts:
        return
    ways = [tuple(Term(part) for part in parts)]
    if len(parts) > 1 and not _UNSPACED.search(chunk):
        ways.insert(0, (Term("".join(parts)[:LONGEST]),))
    if is_beginning:
        ways = [(*way[:-1], Term(way[-1].word, is_beginning=True)) for way in ways]
    yield tuple(ways)


def _name_words(name: str) -> Iterator[str]:
    chunks = _spoken(name).split()
    is_named = False
    for chunk in chunks:
        if chunk.isascii() and chunk.isalnum():  # as nearly all are
            yield chunk[:LONGEST]
            is_named = True
            continue
        parts = _parts(chunk)
        yield from parts
        is_named = is_named or bool(parts)
        if len(parts) > 1 and not _UNSPACED.search(chunk):
            yield "".join(parts)[:LONGEST]
        elif unspaced := _UNSPACED.findall(chunk):
            yield from (run[-1] for run in unspaced)  # a last sign begins no pair
    if not is_named:
        yield from (_symbols(chunk) for chunk in chunks)


def _number_words(numbers: str) -> Iterator[str]:
    """A catalogue number is found with its spaces, without them, and with others."""
    for number in numbers.split(","):
        yield from _name_words(number)
        runs = _RUNS.findall(number)
        yield from (run[:LONGEST] for run in runs)
        if len(runs) > 1:
            yield "".join(runs)[:LONGEST]


def _parts(chunk: str) -> list[str]:
    """The words of a chunk; pairs of signs where no spaces are used."""
    parts: list[str] = []
    for part in _PARTS.findall(chunk):
        if part.isascii():
            parts.append(part[:LONGEST])
            continue
        at = 0
        for run in _UNSPACED.finditer(part):
            parts += _cut(part[at : run.start()])
            signs = run[0]
            parts += [signs[n : n + 2] for n in range(len(signs) - 1)] or [signs]
            at = run.end()
        parts += _cut(part[at:])
    return parts


def _cut(word: str) -> list[str]:
    return [word[:LONGEST]] if word else []


def _spoken(text: str) -> str:
    if _SPEAKS.isdisjoint(text) and "inch" not in text:
        return text
    return _SPOKEN.sub(" and ", _INCHES.sub(r"\1in ", text))


def _symbols(chunk: str) -> str:
    """A word for what has neither letters nor digits; no other word looks like it."""
    return "".join(f"u{ord(sign):x}" for sign in chunk)[:LONGEST]

"""Invented names: artists, labels, titles, sellers' comments.

Everything here is put together from small lists, so that no answer of the simulator
can be taken for a fact about a real record.  The names have what real ones have:
accents, umlauts, Japanese, a leading "The", commas, ampersands, and namesakes told
apart by a number, as in "Halbmond (2)".
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np


def _listed(words: str) -> list[str]:
    return words.split(", ")


ADJECTIVES = _listed(
    "Velvet, Silent, Burning, Golden, Distant, Electric, Broken, Midnight, Crystal, Hollow, "
    "Northern, Paper, Wooden, Strange, Liquid, Sudden, Secret, Second, Lonely, Painted, Scarlet, "
    "Frozen, Invisible, Tender, Magnetic, Endless, Drowning, Patient, Radiant, Forgotten, Quiet, "
    "Cosmic, Plastic, Feral, Amber, Hidden, Modern, Ancient, Bitter, Gentle, Savage, Humble, "
    "Restless, Weightless, Crimson, Silver, Foreign, Polar, Tropical, Urban, Concrete, Analogue, "
    "Double, Perfect, Vacant, Wild, Blue, Sleeping, Rising, Falling"
)
NOUNS = _listed(
    "Harbour, Lantern, Mirror, Garden, Engine, Comet, River, Window, Orchard, Signal, Ballroom, "
    "Satellite, Winter, Avenue, Cathedral, Parade, Ocean, Machine, Shadow, Carousel, Horizon, "
    "Kingdom, Telegraph, Meadow, Tiger, Falcon, Motel, Desert, Meridian, Theatre, Ribbon, Thunder, "
    "Almanac, Island, Magnolia, Prophet, Sparrow, Diamond, Elevator, Postcard, Umbrella, Canyon, "
    "Pilot, Stranger, Architect, Balloon, Piano, Staircase, Volcano, Tramway, Bookshop, Fountain, "
    "Monument, Riddle, Saint, Wolf, Lighthouse, Caravan, Moon"
)
FIRST_NAMES = _listed(
    "Ósk, Björn, Zoë, Renée, Ángel, Łukasz, Jürgen, Søren, Chloé, Inês, Dağhan, Siân, Marta, "
    "Otis, Lucille, Ray, Marva, Cedric, Ingrid, Paulo, Noémie, Bogdan, Anneke, Tomás, Yara, "
    "Lowell, Dorothea, Emil, Fatou, Gwen, Kōji, Haruko, Ibrahim, Leontyne, Cliff, Delroy, Hugh, "
    "Mireille, Sven, Ottilie"
)
SURNAME_STARTS = _listed(
    "Al, Bren, Car, Dal, Es, Fer, Gal, Hol, Ist, Jar, Kal, Lind, Mor, Nor, Øst, Pel, Quin, Ros, "
    "Sal, Tor, Ul, Ver, Wes, Yor, Zan, Bjør, Mül, Žel, Dvoř, Ném, Çel, Łu, Hal, Grün, Bou, Mac, "
    "Oka, Tana, Kobo, Ndi"
)
SURNAME_ENDS = _listed(
    "berg, son, sen, dez, eira, ini, ova, sky, mann, sdóttir, ström, wood, field, ton, neau, "
    "lard, escu, vić, oğlu, maki, moto, ler, ner, well, by, quist, nen, ska, do, ley, mba, wu"
)
JAPANESE = _listed(
    "夜風, 青い鳥, 東京ラジオ, 月光堂, 波の音, 星野楽団, 雨音, 白昼夢, 海岸線, 銀河鉄道"
)
MONIKERS = _listed(
    "Kraftfeld, Ultrasone, Nachtbus, Basswerk, Subterra, Moodkraft, Zirkel, Oktave, Rotor, "
    "Kassette, Dubwise, Polygon, Lumen, Orchid, Parlour, Bureau, Reflex, Vektor, Tangente, "
    "Fernweh, Noctua, Kaleido"
)
GROUPS = _listed(
    "Trio, Quartet, Orchestra, Ensemble, Sisters, Brothers, Sound System, Collective, Express, "
    "Big Band"
)
LABEL_ROOTS = _listed(
    "Halbmond, Kestrel, Perla, Tideline, Monolith, Blauwal, Sirocco, Copper, Northgate, Lumière, "
    "Estrella, Fjord, Ninety-Six, Paradox, Greyhound, Papillon, Ostwind, Saffron, Undertow, "
    "Zephyr, Basalt, Corduroy, Drehmoment, Ember, Foxglove, Glasshouse, Hexagon, Ivory, Juniper, "
    "Kiosk, Ladder, Marigold, Nimbus"
)
LABEL_ENDINGS = _listed(
    "Records, Records, Recordings, Music, Discos, Schallplatten, Editions, Productions, Sound, "
    "Ltd., Tonträger"
)
PLACES = _listed(
    "Berlin, São Paulo, Malmö, the Rain, Köln, Lagos, Detroit, Kyōto, Reykjavík, Valparaíso"
)

# How often each form comes is how often it stands here.
ARTIST_FORMS = (
    *["{first} {start}{end}"] * 8,
    *["The {adjective} {noun}s"] * 4,
    *["{adjective} {noun}"] * 3,
    *["{start}{end} {group}"] * 2,
    "The {start}{end} {group}",
    "{start}{end} & {other}{ending}",
    "DJ {start}{end}",
    *["{moniker} {noun}"] * 2,
    "{japanese} {first}",
)
LABEL_FORMS = (
    *["{root} {ending}"] * 4,
    *["{adjective} {noun} {ending}"] * 3,
    "{root}",
    "{start}{end} {ending}",
    "{start}{end}, {other}{tail} & Co.",
    "{root} {noun}",
)
TITLE_FORMS = (
    *["{adjective} {noun}"] * 5,
    *["The {adjective} {noun}"] * 3,
    *["{noun} Of The {other}"] * 3,
    *["{noun} / {adjective} {other}"] * 2,
    "{noun} And {other}",
    "{noun} EP",
    "{noun} Remixes",
    "{noun} Vol. 2",
    "Live In {place}",
    "A {adjective} {noun} In {place}",
    "{noun}... {other}?",
    "{japanese} = {noun}",
)
COMMENTS = (
    *[""] * 6,
    "Plays great, light marks that do not sound.",
    "Sleeve with ring wear & small seam split.",
    "Original inner sleeve included. Vinyl cleaned.",
    "- corner bump, otherwise mint",
    "Still sealed!",
    "Écouté, très bon état. Pochette légèrement usée",
    "Sehr schöner Zustand – Cover mit Aufkleber",
    'Promo stamp on back, "not for sale"',
    "=== 20% OFF from 3 items ===",
    "日本盤、帯付き。",
    "Writing on label; A2 skips once\nat the start.",
    "+ poster",
)


def chosen(random: np.random.Generator, words: Sequence[str], n: int) -> list[str]:
    """n words drawn with replacement, each as likely as another."""
    return [words[i] for i in random.integers(len(words), size=n).tolist()]


def artist_names(random: np.random.Generator, n: int) -> list[str]:
    """n names, namesakes told apart."""
    return numbered(
        _composed(
            random,
            n,
            ARTIST_FORMS,
            first=FIRST_NAMES,
            start=SURNAME_STARTS,
            end=SURNAME_ENDS,
            other=SURNAME_STARTS,
            ending=SURNAME_ENDS,
            adjective=ADJECTIVES,
            noun=NOUNS,
            group=GROUPS,
            moniker=MONIKERS,
            japanese=JAPANESE,
        )
    )


def label_names(random: np.random.Generator, n: int) -> list[str]:
    """n names, namesakes told apart."""
    return numbered(
        _composed(
            random,
            n,
            LABEL_FORMS,
            root=LABEL_ROOTS,
            ending=LABEL_ENDINGS,
            adjective=ADJECTIVES,
            noun=NOUNS,
            start=SURNAME_STARTS,
            end=SURNAME_ENDS,
            other=SURNAME_STARTS,
            tail=SURNAME_ENDS,
        )
    )


def titles(random: np.random.Generator, n: int) -> list[str]:
    """n titles of works or of their tracks; the same may come twice."""
    return list(
        _composed(
            random,
            n,
            TITLE_FORMS,
            adjective=ADJECTIVES,
            noun=NOUNS,
            other=NOUNS,
            place=PLACES,
            japanese=JAPANESE,
        )
    )


def numbered(names: Iterable[str]) -> list[str]:
    """Tell namesakes apart as Discogs does: the second "Rotor" is "Rotor (2)"."""
    seen: Counter[str] = Counter()
    told_apart = []
    for name in names:
        seen[name] += 1
        told_apart.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told_apart


def _composed(
    random: np.random.Generator, n: int, forms: Sequence[str], **words: Sequence[str]
) -> Iterable[str]:
    drawn = zip(*(chosen(random, choice, n) for choice in words.values()), strict=True)
    for form, parts in zip(chosen(random, forms, n), drawn, strict=True):
        yield form.format(**dict(zip(words, parts, strict=True)))

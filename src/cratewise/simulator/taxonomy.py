"""What music there is: Discogs' fifteen genres, how common each is, and styles of each.

Names are spelt as Discogs spells them.  Shares and years are a guess at a European
shop's shelves; they only have to make some genres common, others rare, and hip hop
younger than jazz.
"""

from typing import NamedTuple


class Genre(NamedTuple):
    """One genre of the fifteen."""

    share: float  # of all artists
    debut: int  # the year around which its artists first recorded
    styles: tuple[str, ...]  # the most common first


def _genre(share: float, debut: int, styles: str) -> Genre:
    return Genre(share, debut, tuple(name.strip() for name in styles.split(",")))


GENRES: dict[str, Genre] = {
    "Electronic": _genre(
        0.26,
        1994,
        "House, Techno, Deep House, Ambient, Synth-pop, Downtempo, Electro, Tech House, "
        "Minimal, Experimental, Drum n Bass, Italo-Disco, Disco, Trance, Jungle, Acid House, "
        "Dub Techno, IDM, Trip Hop, UK Garage, Breakbeat, Industrial, EBM, Berlin-School, New "
        "Beat, Balearic, Broken Beat, Musique Concrète",
    ),
    "Rock": _genre(
        0.25,
        1982,
        "Pop Rock, Indie Rock, Alternative Rock, Punk, Prog Rock, Psychedelic Rock, Hard "
        "Rock, New Wave, Heavy Metal, Folk Rock, Post-Punk, Garage Rock, Krautrock, Shoegaze, "
        "Post Rock, Stoner Rock, Black Metal, Surf, Goth Rock, Rockabilly, Art Rock, No Wave",
    ),
    "Pop": _genre(
        0.09,
        1980,
        "Vocal, Chanson, Schlager, Ballad, Europop, City Pop, Indie Pop, Yé-Yé, Kayōkyoku, "
        "Light Music",
    ),
    "Jazz": _genre(
        0.09,
        1966,
        "Hard Bop, Fusion, Free Jazz, Post Bop, Soul-Jazz, Jazz-Funk, Cool Jazz, Modal, "
        "Spiritual Jazz, Latin Jazz, Swing, Big Band, Avant-garde Jazz, Contemporary Jazz",
    ),
    "Funk / Soul": _genre(
        0.07,
        1975,
        "Soul, Funk, Disco, Boogie, Rhythm & Blues, Neo Soul, Gospel, P.Funk, Afrobeat",
    ),
    "Hip Hop": _genre(
        0.06,
        1996,
        "Boom Bap, Conscious, Instrumental, Gangsta, Pop Rap, Turntablism, Cut-up/DJ, Trap",
    ),
    "Folk, World, & Country": _genre(
        0.05,
        1976,
        "Folk, Country, Celtic, African, Highlife, Fado, Flamenco, Bluegrass, Raï",
    ),
    "Reggae": _genre(
        0.035,
        1977,
        "Roots Reggae, Dub, Dancehall, Rocksteady, Ska, Lovers Rock",
    ),
    "Classical": _genre(
        0.03,
        1970,
        "Romantic, Baroque, Contemporary, Modern, Opera, Choral, Minimalism",
    ),
    "Latin": _genre(
        0.025,
        1972,
        "Salsa, Bossa Nova, Samba, MPB, Cumbia, Boogaloo, Tango",
    ),
    "Stage & Screen": _genre(
        0.02,
        1976,
        "Soundtrack, Score, Musical, Theme",
    ),
    "Blues": _genre(
        0.015,
        1964,
        "Electric Blues, Chicago Blues, Delta Blues, Country Blues",
    ),
    "Non-Music": _genre(
        0.003,
        1975,
        "Spoken Word, Field Recording, Comedy, Special Effects",
    ),
    "Children's": _genre(
        0.001,
        1974,
        "Story, Nursery Rhymes, Educational",
    ),
    "Brass & Military": _genre(
        0.001,
        1965,
        "Brass Band, Marches, Military",
    ),
}

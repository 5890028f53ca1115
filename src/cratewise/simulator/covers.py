"""A cover for every release: two colours and a shape, from the release's own numbers."""

from html import escape

from .release import Release


def cover_svg(release: Release) -> str:
    """A square drawing with artist and title, the same for the same release."""
    hue = release.artists[0].id % 360
    tilt = release.work % 90
    radius = 90 + release.number % 120
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600">'
        f'<rect width="600" height="600" fill="hsl({hue} 45% 32%)"/>'
        f'<g transform="rotate({tilt} 300 300)">'
        f'<rect x="{300 - radius}" y="120" width="{2 * radius}" height="360" '
        f'fill="hsl({(hue + 140) % 360} 55% 60%)"/>'
        f'<circle cx="300" cy="300" r="{radius}" fill="hsl({(hue + 40) % 360} 60% 70%)"/></g>'
        f'<text x="36" y="64" font-family="sans-serif" font-size="34" fill="white">'
        f"{escape(release.artist)}</text>"
        f'<text x="36" y="568" font-family="sans-serif" font-size="28" fill="white">'
        f"{escape(release.title)}</text></svg>"
    )

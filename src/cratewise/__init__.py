"""Cratewise finds the records worth buying in any Discogs seller's stock."""

__version__ = "0.1.0"

"""Verdicts are asked for and learnt from: datasets, refits, and how good they are."""

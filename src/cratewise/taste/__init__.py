"""Listings are scored by what one person keeps: a model learns it, and says why."""

"""Stored listings are found, and shown in a reader's own currency with a reason each."""

"""The order in which the code is read, and in which alone it may import."""

# A file imports from its own room and from those above it; on the floor, each file is a room.
FLOOR = [
    "errors",
    "clock",
    "this_process",
    "loopback",
    "notices",
    "cells",
    "money",
    "grades",
    "region",
    "mode",
    "rate_file",
    "rates",
    "score",
    "keeper",
]
ROOMS = [
    *[*FLOOR, "settings"],
    *["discogs", "store", "inventory", "catalog", "wants", "shelf", "alerts", "taste", "picks"],
    *[
        "learning",
        "people",
        "earlier",
        "schedules",
        "retention",
        "durable",
        "reaper",
        "worker",
        "tools",
        "enqueue",
        "presence",
        "jobs",
        "api",
        "cli",
    ],
]

"""The HTTP API: a file for each room, behind a gate that lets no other site in."""

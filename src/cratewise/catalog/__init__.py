"""Stored releases are described: genres, styles, country, master, from whoever tells them."""

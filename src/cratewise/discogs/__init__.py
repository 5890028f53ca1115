"""A page is asked for: Discogs' API behind one shared quota."""

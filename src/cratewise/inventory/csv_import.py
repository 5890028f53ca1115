"""Read Discogs' official inventory export, a CSV file, into the store."""

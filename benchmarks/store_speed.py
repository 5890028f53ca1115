"""How many listings a second a pull parses and stores, and the memory it takes."""

"""The command line: one file per deed, loaded when it is called."""

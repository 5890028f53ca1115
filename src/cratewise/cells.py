"""What a spreadsheet takes for a formula, and runs, whoever wrote it into a file of texts."""

# Cells that begin so are run; the last four are the same signs in full width, which some
# spreadsheets take for the plain ones.  An apostrophe in front keeps them from it.
RUN_BY_SPREADSHEETS = frozenset("=+-@\t\r\n＝＋－＠")

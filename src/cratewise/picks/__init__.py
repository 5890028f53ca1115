"""From what may be bought, what to look at: the record of the day and what to judge next."""

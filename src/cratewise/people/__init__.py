"""Who may come in, and as whom: accounts, passwords, sessions, tokens, invitations."""

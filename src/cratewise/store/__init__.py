"""All SQL, for SQLite and PostgreSQL alike: one file per noun, one function per question."""

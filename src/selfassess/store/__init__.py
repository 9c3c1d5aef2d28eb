"""One draft = one SQLite file, and the library of drafts; knows SQL and files, no Qt."""

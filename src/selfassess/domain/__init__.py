"""The field's values as frozen dataclasses; knows no Qt, file, database, clock or log."""

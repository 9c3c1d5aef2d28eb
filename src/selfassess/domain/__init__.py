"""The field's values as frozen structs; knows no Qt, file, database, clock or log."""

"""The annex as a table on the screen: model, painting, keyboard, editors and clipboard."""

"""Catalogue files (指标体系文件): TOML to values and back, refused unless whole; knows no drafts and no results."""

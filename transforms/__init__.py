"""Rows in, rows out: no database, no clock."""

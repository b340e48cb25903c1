"""Bytes in, rows of text out."""

"""Spreadsheets of institutions: bytes in, rows of named values out (D1). Knows no models and writes nothing."""

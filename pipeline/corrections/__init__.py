"""Corrections of coders in corrections.csv: read, bound to quotes, applied last, each accounted for."""

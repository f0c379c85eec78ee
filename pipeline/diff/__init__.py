"""Differences between two published datasets: which rows, and for which cause."""

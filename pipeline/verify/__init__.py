"""Proof of a published dataset from its raw files: `python -m pipeline verify`."""

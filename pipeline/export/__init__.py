"""The dataset in formats of other tools, on request: `python -m pipeline export FORMAT`."""

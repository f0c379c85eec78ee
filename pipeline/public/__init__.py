"""The public edition of a dataset, and its way back to the whole for those who have the raw files."""

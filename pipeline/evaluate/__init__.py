"""How good the dataset is: the real path from text to quotes, measured against hand-made answers."""

"""How the quote tagger's weights are made: `make model` (docs/decisions/model.md)."""

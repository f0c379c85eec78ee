"""On the Record: who said what, about what, from raw articles and readouts to a research dataset."""

__version__ = "0.1.0"

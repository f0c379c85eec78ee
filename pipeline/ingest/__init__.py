"""From raw bytes to articles: decode, find the layout, cut into blocks, read the metadata."""

"""From an article to its attributions: who says what, in which words, and who that is."""

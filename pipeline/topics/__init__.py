"""From articles and quotes to topics, speech acts and events."""

"""What the figures are: spans of a ticket's life, their summaries, the invariants of the history. Pure."""

"""What the figures are: spans of a ticket's life, their summaries, the laws of the books. Pure."""

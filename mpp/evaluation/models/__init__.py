"""Tables of evaluations and of the files that prove their levels."""

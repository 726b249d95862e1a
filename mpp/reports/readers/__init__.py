"""Everything that a report tells, read once."""

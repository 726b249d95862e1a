"""What a report tells, beside its period before. Pure."""

"""What the history of events says: waits, service times, counts, laws that must hold."""

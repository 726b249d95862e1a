"""What the history of events says: waits, service times, counts, invariants that must hold."""

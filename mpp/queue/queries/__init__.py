"""Every SQL statement that reads the queue."""

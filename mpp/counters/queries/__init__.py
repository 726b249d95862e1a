"""Every SQL statement that reads the reference data, the people and the shifts."""

"""What changes the reference data, the people, the devices and the shifts."""

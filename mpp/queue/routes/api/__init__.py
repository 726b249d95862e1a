"""The API of tickets and visits, for kiosks, counters and other programs."""

"""The leaders' pages: the live overview, alerts, targets, the typical day, both indices, definitions."""

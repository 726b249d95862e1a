"""What changes in an evaluation: it is begun, judged, and given evidence."""

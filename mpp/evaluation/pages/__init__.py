"""What the templates of the evaluations read."""

"""What the templates of the leaders' pages read."""

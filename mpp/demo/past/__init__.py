"""A made-up past: days of a mall lived through in a moment, by the commands that serve a real one."""

"""How well the ranges of waits hold: on calls from a file, and in a seeded hall."""

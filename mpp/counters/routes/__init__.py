"""The reference data over HTTP: catalogue, shifts that begin and pause, sign-in, the front page."""

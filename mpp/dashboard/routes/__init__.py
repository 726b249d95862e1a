"""The leaders' pages over HTTP, and the overview's socket."""

"""Reports over HTTP: to read, to take away, to publish."""

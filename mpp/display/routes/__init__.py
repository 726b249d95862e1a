"""The board over HTTP: as JSON, as a live socket, as the page on the wall."""

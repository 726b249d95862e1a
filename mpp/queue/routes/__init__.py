"""The queue over HTTP and websockets: the API, the officer's desk, the visitor's phone page."""

"""What the figures look like outside: the API's structures, CSV, the manager's pages."""

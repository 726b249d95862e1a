"""The kiosk over HTTP: its pages, and what a visitor does there."""

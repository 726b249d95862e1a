"""What the wall shows: the board as JSON, and the page that hangs there."""

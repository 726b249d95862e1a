"""The touch screen at the door and the slip it hands out."""

"""Wake the screens: topics, feeds that snapshot once and send to all, and the relay between processes."""

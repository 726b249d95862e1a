"""What a mall is made of, when it is open, and the file that describes one. Pure."""

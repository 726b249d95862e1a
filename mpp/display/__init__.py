"""The board on the wall: who is called to which counter."""

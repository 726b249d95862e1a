"""What is typical of a day, what is past its threshold. Pure."""

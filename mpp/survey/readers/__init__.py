"""Results read and reckoned, and the way from a visit to its blind token."""

"""What the kiosk's templates may read."""

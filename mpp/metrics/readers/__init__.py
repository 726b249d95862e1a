"""Reports read piece by piece, and today's histories, kept between two looks at the overview."""

"""A demo mall that lives: simulated visitors and officers who use the public API like anybody."""

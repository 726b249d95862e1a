"""What the product costs, each figure beside its floor: `python -m benchmarks` prints the table."""

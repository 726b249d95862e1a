"""What the product is measured against: programs that do the bare work and nothing else."""

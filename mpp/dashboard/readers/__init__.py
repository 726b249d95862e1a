"""Today beside the typical day, read live."""

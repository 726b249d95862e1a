"""Every SQL statement of the evaluations: levels, evidence, and what the database knows by itself."""

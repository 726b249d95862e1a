"""One seam to the database: a command or a query is a plain function given a transaction."""

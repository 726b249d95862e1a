"""The rows of the table, one module each. A row is a coroutine that answers lines."""

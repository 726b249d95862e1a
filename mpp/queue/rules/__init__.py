"""The ticket's life and who is next. Pure: no web, no database, no clock."""

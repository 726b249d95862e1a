"""A ticket's life: issued, called, served, transferred, parked, finished; who is next and why."""

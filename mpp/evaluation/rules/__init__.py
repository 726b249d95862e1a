"""PEKPPP and its Indeks Pelayanan Publik: the instrument, the score, the way to the next predicate."""

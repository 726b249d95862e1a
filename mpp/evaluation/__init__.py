"""PEKPPP and its index (IPP): the instrument, evidence, the score, the way to the next predicate."""

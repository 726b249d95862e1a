"""Every SQL statement of the survey: answers in sums, published reports, follow-up plans."""

"""Who offers what, where and when: malls, agencies, services, counters, officers, shifts, calendar."""

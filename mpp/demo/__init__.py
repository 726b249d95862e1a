"""A demo mall that is alive: its reference data, its sign-ins, its visitors and its officers."""

"""All 305 malls of a nation on one machine, at their busiest: their world, their visitors, who watches."""

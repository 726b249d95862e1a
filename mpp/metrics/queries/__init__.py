"""Every SQL statement of the figures: the events of a day, names, and what `mpp verify` reads.

All reading goes by the index of `ticket_events` on (mall_id, day): a day costs the same however many
years lie beside it."""

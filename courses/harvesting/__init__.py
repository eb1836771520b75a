"""Reading what institutions publish elsewhere: sources, harvests, records, findings."""

"""Own fields: what an administrator adds to a kind of record, on all the ways its data takes.

`definitions` knows the fields in force, `values` reads what somebody says, `shown` says it to
people, `cells` and `controls` read files and forms, `sql` makes it listable, `computed` computes.
"""

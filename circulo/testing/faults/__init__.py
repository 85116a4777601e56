"""The product under `kill -9`: what it answered is there, once, whatever dies meanwhile.

`bin/run` works in a data folder of its own with its own durable PostgreSQL. Programs call the API,
people send forms, each repeating what got no answer as an honest client does, and one file after
another is brought in by the worker. Meanwhile processes of the product are killed at random moments
that a seed decides. Afterwards everything is counted in the database.

    .venv/bin/python -m circulo.testing.faults --kills 20
"""

"""Which records speak of the same person or firm: tables in, pairs with a probability out.

Nothing here knows the web or the database of the product, and splink and DuckDB are imported only
by the functions that need them: a web worker never loads them.
"""

"""The demo firm: a believable Spanish company with two years of history, made of plain data.

`world.build(seed, today)` tells who there is and what happened; `actions.add_demo` enters all of it
through the same acts that people use, and `actions.remove_demo` takes it away again.
"""

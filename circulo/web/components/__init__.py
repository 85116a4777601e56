"""The parts of a screen that are quicker and safer to write in Python than in a template."""

"""Tests of the whole product in a browser: a morning of work, and what every page owes anybody."""

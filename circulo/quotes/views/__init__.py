"""The pages of quotes."""

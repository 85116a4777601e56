"""The pages of leads, and what administrators decide of them."""

"""The pages that people outside of the house reach: without a login, without JavaScript."""

"""The ways in and out: one folder per channel."""

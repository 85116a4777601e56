"""Undoing what the ledger kept, statement by statement, the last one first."""

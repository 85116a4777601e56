"""Duplicates among the records of the product and among the rows of files, by `parties.linkage`."""

"""The pages of files, change sets and histories."""

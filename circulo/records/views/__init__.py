"""The pages of files, change sets and histories, and the settings of own fields."""

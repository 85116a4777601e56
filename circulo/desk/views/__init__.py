"""The screens that cross apps."""

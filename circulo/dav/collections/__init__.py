"""The collections that a person's programs find under their home."""

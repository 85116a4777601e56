"""The screens of the documents."""

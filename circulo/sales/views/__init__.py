"""The screens of deals, and of the pipelines that administrators decide."""

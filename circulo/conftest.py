"""What tests of every app may ask for."""

from circulo.testing.browser import chromium, site, visit

__all__ = ["chromium", "site", "visit"]

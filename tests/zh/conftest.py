"""The pages of both books, and the ways to open them."""

from tests.book.conftest import site, visit

__all__ = ["site", "visit"]

"""Quotes, as they are handed out."""

from circulo.quotes.dumps import HOLDS, dump_quotes
from circulo.records.load_types import Dump, register_dump

register_dump("quotes", Dump(dump_quotes, HOLDS))

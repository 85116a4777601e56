"""The merge language: a text with fields, closed on purpose, for letters, e-mails and documents.

    Estimado {{ contact.given_name | "cliente" }}:
    {% if contact.company.name %}Escribo a {{ contact.company.name | upper }}.{% end %}
    {% for address in contact.addresses %}{{ address.street }}, {{ address.city }}
    {% end %}

`parse` gives a tree or a `MergeFault` with line, column and remedy, `written` gives the text of a
tree back, `check` compares it with the fields that there are, `fill` puts values in, escaped for
where the text goes. There is nothing to call, nothing to import and nothing to loop over but rows
that are there: whoever writes a template cannot make the house do anything.
"""

from circulo.lib.merge.checking import Group, Leaf, Rows, check, fields_of
from circulo.lib.merge.faults import MergeFault
from circulo.lib.merge.filling import Filled, fill
from circulo.lib.merge.filters import FILTERS
from circulo.lib.merge.parsing import MOST_LETTERS, parse
from circulo.lib.merge.syntax import Tree
from circulo.lib.merge.targets import as_html, as_is, as_marked, as_typst
from circulo.lib.merge.writing import written

__all__ = [
    "FILTERS",
    "MOST_LETTERS",
    "Filled",
    "Group",
    "Leaf",
    "MergeFault",
    "Rows",
    "Tree",
    "as_html",
    "as_is",
    "as_marked",
    "as_typst",
    "check",
    "fields_of",
    "fill",
    "parse",
    "written",
]

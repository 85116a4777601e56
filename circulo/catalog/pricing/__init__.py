"""How a price is made: pure, without the database. `docs/decisions/0100` tells the reasons.

`priced(basket, terms)` takes what is bought and all that bears on it, and gives every line with the
steps that led to its amount, the totals of each tax rate, and what is to be paid. In this order:

1. Each line is given a **unit price**: the one typed by hand; else that of the first of the lists
   (they come in the order that counts) which prices the product for its quantity, or the product
   that it is a variant of. A bundle without a price of its own costs what its parts do, on the
   first list that prices all of them. A list in another currency is converted.
2. The line's amount, unit price by quantity, is rounded to the smallest unit of the currency, and
   so is what each later step takes off it: the steps of a line add up.
3. The **rules** are tried on the line in their order. A rule counts where it covers the product,
   where the lines that it covers together reach its quantity, and where all the lines as listed
   together reach its total. One that does not go with others is applied only where none was yet,
   and is then the last. A rule never raises a price; one that takes nothing off was not applied.
4. The **discount by hand** comes last.
5. **Tax** is reckoned on the sum of all lines of one rate, so that the totals are what a tax
   office would reckon, and shared out among the lines without losing a cent. Amounts of lists with
   tax included hold it already: there the sum to pay stays, and the net one follows.
"""

from circulo.catalog.pricing.making import priced
from circulo.catalog.pricing.terms import (
    Basket,
    Item,
    Line,
    List,
    Offer,
    Part,
    Priced,
    PricedLine,
    Rule,
    Step,
    Tax,
    TaxTotal,
    Terms,
    Withheld,
)

__all__ = [
    "Basket",
    "Item",
    "Line",
    "List",
    "Offer",
    "Part",
    "Priced",
    "PricedLine",
    "Rule",
    "Step",
    "Tax",
    "TaxTotal",
    "Terms",
    "Withheld",
    "priced",
]

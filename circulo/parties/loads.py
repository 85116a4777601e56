"""Contacts and companies, as they are brought in from files and handed out again."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from circulo.parties.actions.loading import (
    alike_companies,
    alike_contacts,
    companies_importer,
    contacts_importer,
)
from circulo.parties.dumps import COMPANY_HOLDS, CONTACT_HOLDS, dump_companies, dump_contacts
from circulo.parties.headings import COMPANIES, CONTACTS
from circulo.records.load_types import LoadType, register
from circulo.records.own.cells import load_fields


def _whole_names(mapping: dict[str, str]) -> dict[str, str]:
    """A lone column of names, without one of surnames, holds whole names."""
    if {"first_surname", "surnames", "name"} & set(mapping.values()):
        return mapping
    return {h: "name" if target == "given_name" else target for h, target in mapping.items()}


register(
    LoadType(
        "contacts",
        _("Contacts"),
        "contacts",
        CONTACTS,
        ("id", "emails", "phones", "tax_id", "name"),
        contacts_importer,
        frozenset({"table", "card"}),
        _whole_names,
        dump_contacts,
        partial(load_fields, "contacts"),
        alike_contacts,
        CONTACT_HOLDS,
    )
)
register(
    LoadType(
        "companies",
        _("Companies"),
        "companies",
        COMPANIES,
        ("id", "tax_id", "name", "emails", "phones"),
        companies_importer,
        frozenset({"table", "card"}),
        dumped=dump_companies,
        holds=COMPANY_HOLDS,
        own=partial(load_fields, "companies"),
        alike=alike_companies,
    )
)

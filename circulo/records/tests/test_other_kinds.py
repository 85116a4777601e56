"""A field that is to hold something else: what its values become."""

import pytest

from circulo.parties.models import Party
from circulo.records.actions import own_fields
from circulo.records.tests.test_own_fields import field, person, tended

pytestmark = pytest.mark.django_db


def test_what_was_chosen_becomes_the_text_that_people_read():
    made = field("choice", "Nivel", choices=[{"es": "Muy alto", "en": "High"}, {"es": "Bajo"}])
    person("Ana", nivel="muy_alto")

    tended(own_fields.convert_field(made, "text", {}, by=None))

    assert Party.objects.get().custom == {"nivel": "Muy alto"}


def test_yes_and_no_are_known_as_people_write_them():
    made = field("text", "Socio")
    for name, value in (("Ana", "Sí"), ("Blas", "no"), ("Eva", "quizá")):
        person(name, socio=value)

    preview = own_fields.preview_conversion(made, "yes_no", {})
    tended(own_fields.convert_field(made, "yes_no", {}, by=None))

    assert (preview.fits, preview.fails) == (2, 1)
    assert [p.custom for p in Party.objects.order_by("given_name")] == [
        {"socio": True}, {"socio": False}, {"socio_before": "quizá"},
    ]  # fmt: skip

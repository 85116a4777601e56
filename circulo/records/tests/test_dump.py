"""bin/circulo dump: what is asked of it wrongly ends as a wrong call, with its reason."""

import pytest
from django.core.management import CommandError, call_command

from circulo.testing.make import make_contact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ('{"field": "nope", "op": "is", "value": 1}', "field: There is no such field here."),
        ("{", "This is not JSON."),
        ("[]", "A criterion is an object."),
        ("null", "A criterion is an object."),
    ],
)
@pytest.mark.parametrize("kind", ["contacts", "deals", "interactions"])
def test_a_filter_that_is_no_good_is_a_wrong_call_that_names_the_place(tmp_path, kind, said, why):
    file = tmp_path / "c.csv"
    with pytest.raises(CommandError) as refused:
        call_command("dump", kind, str(file), filter=said)

    assert refused.value.returncode == 2 and why in str(refused.value)
    assert not file.exists()


def test_an_ending_that_cannot_be_written_is_a_wrong_call(tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("dump", "contacts", str(tmp_path / "c.exe"))

    assert refused.value.returncode == 2 and ".xlsx" in str(refused.value)


def test_an_empty_filter_is_none(tmp_path, capsys):
    make_contact(given_name="Ana")

    call_command("dump", "contacts", str(tmp_path / "c.csv"), "--json", filter="{}")

    assert '"rows": 1' in capsys.readouterr().out

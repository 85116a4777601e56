import json

import pytest
from django.core.management import call_command

from circulo.accounts.models import Team
from circulo.parties.models import Party, Point, Relationship
from circulo.records.verify import verify
from circulo.testing.make import make_company, make_contact, make_team

pytestmark = pytest.mark.django_db


def test_a_world_made_by_actions_has_no_violations():
    make_team(parent=make_team())
    make_contact(emails=["a@example.com", "b@example.com"], company=make_company())

    assert verify() == []


def test_what_can_be_recomputed_is_found_and_mended():
    team = make_team(parent=make_team())
    person = make_contact(emails=["a@example.com"], company=make_company())
    Team.objects.filter(pk=team.pk).update(path="9/")
    Party.objects.filter(pk=person.pk).update(search="something else")
    Point.objects.filter(party=person).update(is_primary=False)
    Relationship.objects.filter(party=person).delete()

    broken = {found["invariant"] for found in verify()}

    assert broken == {
        "accounts.team_paths",
        "parties.search_text",
        "parties.one_primary",
        "parties.company_is_related",
    }
    assert verify(repair=True) == []
    assert verify() == []


def test_the_command_answers_in_json_and_by_its_exit_status(capsys):
    Party.objects.filter(pk=make_contact().pk).update(search="")

    with pytest.raises(SystemExit) as end:
        call_command("verify", json=True)

    assert end.value.code == 1
    [found] = json.loads(capsys.readouterr().out)["violations"]
    assert (found["invariant"], found["kind"]) == ("parties.search_text", "party")
    call_command("verify", repair=True)

import pytest
from django.db import DatabaseError, transaction

from circulo.accounts import actions
from circulo.accounts.models import Audit
from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db


def test_the_database_refuses_to_change_or_delete_a_line():
    actions.audit(Audit.What.DENIED, who="ana@example.com")
    for act in (
        lambda: Audit.objects.update(who="x"),
        lambda: Audit.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert Audit.objects.get().who == "ana@example.com"


def test_administrators_and_auditors_see_the_log_and_nobody_else():
    actions.audit(Audit.What.DENIED, who="ana@example.com")
    for role, seen in (("admin", True), ("auditor", True), ("manager", False), ("seller", False)):
        assert Audit.objects.visible_to(make_user(role)).exists() is seen


def test_nothing_that_is_typed_breaks_the_log():
    actions.audit(Audit.What.LOGIN_FAILED, who="a\0b" + "x" * 1000, about="ñ" * 1000)
    assert len(Audit.objects.get().who) == 254

"""Letters and labels for many, printed in the background."""

from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from circulo.documents import actions
from circulo.documents.models import Mailing
from circulo.lib.errors import RuleBroken

_AGAIN = RetryStrategy(max_attempts=3, wait=5)


@app.task(name="documents.run_mailing", retry=_AGAIN)
def run_mailing(mailing: int) -> None:
    """Print a mailing; begun again after a death of the worker, it tells nobody twice."""
    found = Mailing.objects.select_related("by__role", "by__team", "template").get(pk=mailing)
    if not found.is_running:
        return
    with translation.override(found.by.language):
        try:
            actions.run_mailing(found)
        except RuleBroken as refused:
            actions.fail_mailing(found, str(refused.message))
        except Exception:
            actions.fail_mailing(found, _("Printing failed: something unexpected went wrong."))
            raise

"""Where what has just been written is undone, for the toast that says so."""

from django.urls import reverse

from circulo.lib import acting, ids


def undo_url(change_set: int | None = None) -> str:
    """The address that undoes a change set by POST: the one written last unless another is named.

    Nothing where nothing was written.
    """
    key = change_set or acting.written()
    return reverse("records:undo", args=[ids.encode("change_set", key)]) if key else ""

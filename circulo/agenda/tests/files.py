"""Calendars as the tests of this app bring them in."""

from circulo.records.actions import loads, running
from circulo.testing.make import make_user


def load(path, by, **options):
    """Bring in a file of calendars."""
    with path.open("rb") as file:
        made = loads.start_load(file, path.name, "appointments", by=by)
    made = loads.map_columns(made, options=options) if options else made
    return running.run_load(made)


def brought(tmp_path, text, by=None):
    """Bring in a text as a file of calendars."""
    path = tmp_path / "brought.ics"
    path.write_bytes(text.encode("utf-8", "replace"))
    return load(path, by or make_user("admin", time_zone="Europe/Madrid"))


def event(*lines, kind="VEVENT"):
    """A calendar with one component."""
    whole = ("BEGIN:VCALENDAR", "VERSION:2.0", f"BEGIN:{kind}", "UID:1@test", "SUMMARY:Cata",
             *lines, f"END:{kind}", "END:VCALENDAR")  # fmt: skip
    return "".join(f"{line}\r\n" for line in whole)

"""What a person says of a file they bring in: which one, how it is written, what to do with it."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circulo.accounts.models import User
from circulo.lib.readers.shapes import MOST_ABOVE
from circulo.records.actions import loads
from circulo.records.load_types import OnDuplicate, load_types
from circulo.records.models import Load

_ANY = "any"
_SAYS_ITSELF = {
    "xlsx": ("encoding", "separator", "decimal"),
    "jsonl": ("encoding", "separator", "decimal", "header_row", "has_header"),
    "parquet": ("encoding", "separator", "decimal", "header_row", "has_header"),
}
ENDINGS = ".csv,.tsv,.txt,.jsonl,.parquet,.xlsx,.xlsm,.vcf,.ics,.mbox,.eml"


class FileForm(forms.Form):
    """A file, and what it holds."""

    type = forms.ChoiceField(label=gettext_lazy("What does the file hold?"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
        error_messages={
            "empty": gettext_lazy("The file is empty. Choose a file that has at least one row."),
        },
        max_length=255,
    )

    pasted = forms.CharField(
        label=gettext_lazy("Rows copied from a spreadsheet"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, user: User, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        types = [(t.name, str(t.label)) for t in types_open_to(user)]
        control = self.fields["type"]
        assert isinstance(control, forms.ChoiceField)
        control.choices = types

    def clean_file(self) -> Any:
        """Within the limit of the house."""
        file = self.cleaned_data["file"]
        if file and file.size > settings.IMPORT_LIMIT:
            most = settings.IMPORT_LIMIT // 1024 // 1024
            raise forms.ValidationError(
                _("The file is larger than %d MB. Cut it into several files.") % most
            )
        return file

    def clean(self) -> dict[str, Any]:
        """A file, or rows that were pasted."""
        said: dict[str, Any] = super().clean() or {}
        if not (said.get("file") or said.get("pasted", "").strip() or self.errors):
            self.add_error("file", _("Choose a file first."))
        return said

    @property
    def content(self) -> tuple[IO[bytes], str]:
        """What was given, and its name."""
        file = self.cleaned_data["file"]
        if file:
            return file, file.name
        text = self.cleaned_data["pasted"].strip("\r\n")
        return BytesIO(text.encode("utf-8", "replace")), _("Pasted rows")


def types_open_to(user: User) -> list[Any]:
    """The types of record that a person may bring in."""
    return [t for t in load_types().values() if user.may(t.kind, "create")]


class ShapeForm(forms.Form):
    """How a table is written; what a kind of file does not have is left out."""

    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"))
    separator = forms.ChoiceField(label=gettext_lazy("Separator"))
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"))
    decimal = forms.ChoiceField(label=gettext_lazy("Decimal sign"))
    date_order = forms.ChoiceField(label=gettext_lazy("Dates"))
    header_row = forms.IntegerField(
        label=gettext_lazy("Row of the headings"), min_value=1, max_value=MOST_ABOVE
    )
    has_header = forms.BooleanField(label=gettext_lazy("The columns have headings"), required=False)

    def __init__(self, table: dict[str, Any], data: QueryDict | None = None) -> None:
        super().__init__(data, initial=table)
        for name in _SAYS_ITSELF.get(table["format"], ()):
            del self.fields[name]
        if len(table["sheets"]) < 2:
            del self.fields["sheet"]
        for name, choices in _shape_choices(table).items():
            if name in self.fields:
                control = self.fields[name]
                assert isinstance(control, forms.ChoiceField)
                control.choices = choices


def _shape_choices(table: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    encodings = {
        "utf-8": "UTF-8",
        "cp1252": "Windows (CP1252)",
        "latin-1": "Latin-1 (ISO 8859-1)",
        "utf-16": "UTF-16",
        table["encoding"]: table["encoding"].upper().replace("?", " ?"),
    }
    if table["encoding"] in ("utf-8", "utf-8-sig"):
        encodings = {k: v for k, v in encodings.items() if k != "utf-8"} | {
            table["encoding"]: "UTF-8"
        }
    known = {"cp1252": "Windows (CP1252)", "latin-1": "Latin-1 (ISO 8859-1)"}
    return {
        "encoding": list((encodings | {k: v for k, v in known.items() if k in encodings}).items()),
        "separator": [
            (",", _("comma ,")),
            (";", _("semicolon ;")),
            ("\t", _("tabulator")),
            ("|", _("bar |")),
        ],
        "sheet": [(name, name) for name in table["sheets"]],
        "decimal": [(",", _("comma: 1.234,50")), (".", _("point: 1,234.50"))],
        "date_order": [
            ("DMY", _("day, month, year: 31/12/2026")),
            ("MDY", _("month, day, year: 12/31/2026")),
            ("YMD", _("year, month, day: 2026-12-31")),
        ],
    }


class OptionsForm(forms.Form):
    """What to do with records that are there already."""

    key = forms.ChoiceField(label=gettext_lazy("Known again by"))
    on_duplicate = forms.ChoiceField(
        label=gettext_lazy("What is there already"),
        choices=[
            (OnDuplicate.UPDATE.value, gettext_lazy("is completed and changed")),
            (OnDuplicate.SKIP.value, gettext_lazy("stays as it is")),
            (OnDuplicate.CREATE.value, gettext_lazy("is not looked for: every row is new")),
        ],
    )
    makes_missing = forms.BooleanField(
        label=gettext_lazy("Add companies that are not here yet"), required=False
    )

    def __init__(self, load: Load, data: QueryDict | None = None) -> None:
        super().__init__(data, initial=load.options | {"key": load.options["key"] or _ANY})
        load_type = load_types()[load.type]
        labels = {f.name: str(f.label) for f in load_type.fields}
        labels |= {"id": _("identifier"), "name": _("name")}
        control = self.fields["key"]
        assert isinstance(control, forms.ChoiceField)
        found = [(key, labels.get(key, key)) for key in load_type.keys]
        control.choices = [(_ANY, _("identifier, e-mail, phone, name…")), *found]
        if load.type != "contacts":
            del self.fields["makes_missing"]

    def clean_key(self) -> str:
        """No key means whatever tells a record."""
        key: str = self.cleaned_data["key"]
        return "" if key == _ANY else key


def mapping_said(load: Load, data: QueryDict) -> dict[str, str]:
    """The target of every column, as the selects say it."""
    headings = loads.headings_of(load)
    return {heading: data.get(f"column-{at}", "") for at, heading in enumerate(headings)}

"""An Excel workbook of one sheet, written as a stream into its zip.

Text is typed as text, so that no cell can become a formula; numbers and dates are real ones.
"""

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import IO

_MOST_ROWS = 1_048_575
_LONGEST_CELL = 32_767
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FIRST_DAY = date(1899, 12, 30).toordinal()
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_MEMBERS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="Círculo" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    "<fonts><font/><font><b/></font></fonts>"
    '<fills><fill><patternFill patternType="none"/></fill></fills><borders><border/></borders>'
    '<cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="165" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
_TOP = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews><sheetData>'
)


def write_workbook(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write the sheet; gives the number of rows."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, text in _MEMBERS.items():
            book.writestr(name, _XML + text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            return _write_sheet(sheet, headings, rows)


def _write_sheet(
    sheet: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[object]]
) -> int:
    top = "".join(_text(heading, 3) for heading in headings)
    pieces, count = [f"{_XML}{_TOP}<row>{top}</row>"], 0
    for row in rows:
        count += 1
        if count > _MOST_ROWS:
            raise ValueError("A sheet holds at most 1,048,576 rows: write CSV instead.")
        pieces.append(f"<row>{''.join(map(_cell, row))}</row>")
        if len(pieces) >= 500:
            sheet.write("".join(pieces).encode())
            pieces.clear()
    sheet.write(("".join(pieces) + "</sheetData></worksheet>").encode())
    return count


def _cell(value: object) -> str:
    if isinstance(value, str):
        return _text(value) if value else "<c/>"
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{value:d}</v></c>'
    if isinstance(value, datetime):
        return _text(value.isoformat()) if value.tzinfo else _moment(value)
    if isinstance(value, date):
        serial = value.toordinal() - _FIRST_DAY
        return f'<c s="1"><v>{serial}</v></c>' if serial > 60 else _text(value.isoformat())
    return _number(value)


def _number(value: object) -> str:
    """A number, as text where a spreadsheet could not keep all its digits."""
    spelt = f"{value:f}" if isinstance(value, Decimal) else str(value)
    is_kept = len(spelt.strip("-0.").replace(".", "")) <= 15 and spelt.strip("-")[:1].isdigit()
    return f"<c><v>{spelt}</v></c>" if is_kept else _text(spelt)


def _moment(value: datetime) -> str:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return f'<c s="2"><v>{value.toordinal() - _FIRST_DAY + seconds / 86_400:.10f}</v></c>'


def _text(value: str, style: int = 0) -> str:
    clean = escape(_FORBIDDEN.sub("", value)[:_LONGEST_CELL], quote=False).replace("\r", "&#13;")
    styled = f' s="{style}"' if style else ""
    return f'<c t="inlineStr"{styled}><is><t xml:space="preserve">{clean}</t></is></c>'

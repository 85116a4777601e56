import contextlib
import random
import struct
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from circulo.lib.readers import mail, mailboxes
from circulo.lib.readers.mail import Mail, MailAddress, Unreadable
from circulo.lib.readers.tests.reference import reference

pytestmark = pytest.mark.usefixtures("in_english")

HEAD = b"From: Ana <ana@x.es>\r\nTo: b@x.es\r\nSubject: Hola\r\nMessage-ID: <1@x.es>\r\n"
DATED = HEAD + b"Date: Tue, 3 Feb 2026 10:00:00 +0100\r\n"


def read_file(name: str) -> Mail:
    return mail.read((reference("import/eml") / name).read_bytes())


def test_every_real_mail_is_read():
    files = sorted(reference("import/eml").iterdir())
    mails = [mail.read(file.read_bytes()) for file in files]
    assert len(mails) == 108
    assert sum(1 for one in mails if one.from_.email) >= 105
    assert sum(1 for one in mails if one.text or one.attachments) >= 104


def test_an_ordinary_mail():
    found = mail.read(DATED + b"\r\nBuenos d\xc3\xadas\r\n")
    assert found.from_ == MailAddress("ana@x.es", "Ana")
    assert found.to == (MailAddress("b@x.es"),)
    assert (found.subject, found.text) == ("Hola", "Buenos días")
    assert found.date == datetime(2026, 2, 3, 9, tzinfo=UTC)
    assert (found.message_id, found.source_key, found.problems) == ("1@x.es", "1@x.es", ())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mikel_japanese_iso_2022.eml", "すみません。"),
        ("mikel_japanese_shift_jis.eml", "あいうえお"),
        ("mailgun_8bitmime.eml", "Превел"),
        ("mikel_raw_email_encoded_stack_level_too_deep.eml", "Nicolas Fouché"),
    ],
)
def test_the_text_is_visible_whatever_its_charset(name, words):
    assert words in read_file(name).text


def test_a_bounce_names_who_was_not_reached():
    found = read_file("mailgun_zed.eml")
    assert (found.is_bounce, found.is_automatic) == (True, True)
    assert found.bounces[0].status == "5.1.1"
    assert found.bounces[0].is_final


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("=?utf-8?b?w5HDsQ==?=", "Ññ"),
        ("=?utf-8?b?w5HDsQ?=", "Ññ"),
        ("=?iso-8859-15?q?10_=A4?=", "10 €"),
        ("=?utf-8?q?=C3?= =?utf-8?q?=B1?=", "ñ"),
        ("=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"),
        ("=?nonsense?q?abc?=", "abc"),
        ("=?utf-8?b?!!!", "=?utf-8?b?!!!"),
    ],
)
def test_subjects_are_decoded_with_patience(written, shown):
    assert mail.read(f"From: a@x.es\nSubject: {written}\n\n".encode()).subject == shown


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a@x.es, B <b@x.es>", [("a@x.es", ""), ("b@x.es", "B")]),
        ('"Núñez, Ana" <ANA@x.es>', [("ana@x.es", "Núñez, Ana")]),
        ("friends: a@x.es, b@x.es;", [("a@x.es", ""), ("b@x.es", "")]),
        ("ana@x.es (Ana)", [("ana@x.es", "Ana")]),
        ("undisclosed-recipients:;", []),
        ("Ana Núñez", [("", "Ana Núñez")]),
        ('"ana@x.es" <ana@x.es>', [("ana@x.es", "")]),
    ],
)
def test_addresses(written, expected):
    found = mail.read(f"From: z@x.es\nTo: {written}\n\n".encode()).to
    assert [(one.email, one.name) for one in found] == expected


def test_html_becomes_safe_text():
    page = b"""<html><head><title>t</title><style>x{}</style></head><body><p>Hola <b>Ana</b></p>
    <script>alert(1)</script><a href="https://x.es/p">ver</a><a href="javascript:x">no</a>
    <table><tr><td>a</td><td>b</td></tr></table>&lt;ok&gt;</body></html>"""
    found = mail.read(DATED + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + page)
    assert found.text == "Hola Ana\nver (https://x.es/p)no\n\na b\n\n<ok>"


def test_files_keep_their_names_but_no_folders():
    body = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHola\r\n--b\r\n"
        b"Content-Type: application/pdf; name*=utf-8''presupuesto%20n%C2%BA%201.pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--b\r\n"
        b'Content-Type: text/plain\r\nContent-Disposition: attachment; filename="../../x.txt"\r\n'
        b"\r\nabc\r\n--b--\r\n"
    )
    found = mail.read(DATED + body)
    assert [(one.name, one.content) for one in found.attachments] == [
        ("presupuesto nº 1.pdf", b"%PDF-"),
        ("x.txt", b"abc"),
    ]


def tnef(*attributes: tuple[int, bytes]) -> bytes:
    pieces = [struct.pack("<IH", 0x223E9F78, 1)]
    pieces += [
        struct.pack("<BHHI", 1, name, 0, len(value)) + value + b"\0\0" for name, value in attributes
    ]
    return b"".join(pieces)


def test_the_text_of_a_winmail_dat_is_visible():
    words = "Buenos días".encode("utf-16-le")
    properties = struct.pack("<IHHII", 1, 31, 0x1000, 1, len(words)) + words
    inside = tnef((0x9003, properties), (0x9002, b""), (0x8010, b"a.txt\0"), (0x800F, b"abc"))
    found = mail.read(DATED + b"Content-Type: application/ms-tnef\r\n\r\n" + inside)
    assert found.text == "Buenos días"
    assert [(one.name, one.content) for one in found.attachments] == [("a.txt", b"abc")]


def test_uuencoded_files_are_taken_out_of_the_text():
    found = mail.read(DATED + b"\r\nHola\r\n\r\nbegin 644 a.txt\r\n#86)C\r\n`\r\nend\r\n")
    assert (found.text, found.attachments[0].content) == ("Hola", b"abc")


@pytest.mark.parametrize("year", ["9999", "1900", "99999"])
def test_absurd_dates_give_way_to_the_servers(year):
    head = HEAD + f"Date: Tue, 3 Feb {year} 10:00:00 +0100\r\n".encode()
    assert mail.read(head + b"\r\n").problems
    head += b"Received: from a by b; Tue, 3 Feb 2026 10:00:00 +0000\r\n"
    assert mail.read(head + b"\r\n").date == datetime(2026, 2, 3, 10, tzinfo=UTC)


def test_long_threads_are_cut_to_their_beginning_and_end():
    ids = " ".join(f"<{n}@x.es>" for n in range(10_000)).encode()
    found = mail.read(DATED + b"References: " + ids + b"\r\n\r\n")
    assert (found.references[0], found.references[-1], len(found.references)) == (
        "0@x.es",
        "9999@x.es",
        100,
    )


@pytest.mark.parametrize(
    ("line", "is_automatic"),
    [
        ("Auto-Submitted: auto-replied", True),
        ("Auto-Submitted: no", False),
        ("Precedence: auto_reply", True),
        ("Precedence: list", False),
        ("X-Autoreply: yes", True),
        ("Return-Path: <>", True),
    ],
)
def test_machines_are_told_from_people(line, is_automatic):
    assert mail.read(DATED + line.encode() + b"\r\n\r\n").is_automatic is is_automatic


def nested(kind: str, depth: int) -> bytes:
    if kind == "message":
        return (DATED + b"Content-Type: message/rfc822\r\n\r\n") * depth + DATED + b"\r\nend"
    heads = [
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(depth)
    ]
    return DATED + b"".join(heads) + b"\r\nend"


BOMBS = {
    "500 mails inside each other": nested("message", 500),
    "500 parts inside each other": nested("multipart", 500),
    "1,000 files": DATED
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n" * 1_000
    + b"--b--",
    "50 MB": DATED
    + b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + (b"QUJD" * 19 + b"\r\n") * 640_000,
    "quotes": DATED + b"Cc: " + b'\\"' * 400_000 + b"\r\n\r\n",
    "parameters": DATED + b"Content-Type: text/plain; " + b'a="' * 300_000 + b"\r\n\r\n",
    "encoded words": DATED + b"Cc: " + b"=?a?q?" * 100_000 + b"\r\n\r\n",
    "begin": DATED + b"\r\n" + b"begin 644 a\n" * 300_000,
    "tags": DATED + b"Content-Type: text/html\r\n\r\n" + b"<div><a href=x>" * 300_000,
    "boundaries": DATED
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b'--b\r\nContent-Type: text/plain; a="' * 30_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_nothing_takes_longer_than_two_seconds(name):
    start = time.thread_time()  # what others take of the processor is not counted
    found = mail.read(BOMBS[name])
    assert found.message_id == "1@x.es"
    assert time.thread_time() - start < 2


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"hello world\n", b"\x00\xff" * 500])
def test_what_is_no_mail_is_refused(raw):
    with pytest.raises(Unreadable, match="not an e-mail"):
        mail.read(raw)


def test_a_thousand_mutations_break_nothing():
    chance = random.Random(20261121)
    originals = [DATED + b"\r\nHola\r\n", nested("multipart", 5), BOMBS["1,000 files"][:5_000]]
    with contextlib.suppress(pytest.skip.Exception):
        originals += [file.read_bytes() for file in sorted(reference("import/eml").iterdir())]
    for _run in range(1_000):
        try:
            mail.read(mutated(chance.choice(originals)[:30_000], chance))
        except Unreadable:
            continue


def mutated(raw: bytes, chance: random.Random) -> bytes:
    data = bytearray(raw)
    for _change in range(chance.randint(1, 8)):
        at = chance.randrange(len(data) or 1)
        kind = chance.randrange(4)
        if kind == 0:
            data[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            del data[at : at + chance.randint(1, 200)]
        elif kind == 2:
            data[at:at] = chance.choice(
                (b"\0", b"=?", b'"', b"\r", b"\n\n", b"--", b";*0*=", b"\xff")
            )
        else:
            data[at:at] = data[at : at + chance.randint(1, 500)]
    return bytes(data)


def test_a_mailbox_gives_its_mails_one_by_one(tmp_path: Path):
    path = tmp_path / "box.mbox"
    one = (
        b"From ana Tue Feb 3 10:00:00 2026\n"
        + DATED
        + b"\r\nHola\r\nFrom within\r\n>From quoted\r\n\r\n"
    )
    path.write_bytes(one * 3)
    texts = [mail.read(raw).text for raw in mailboxes.raw_mails(path)]
    assert texts == ["Hola\nFrom within\nFrom quoted"] * 3


def test_a_single_mail_is_a_mailbox_of_one(tmp_path: Path):
    path = tmp_path / "one.eml"
    path.write_bytes(DATED + b"\r\nHola\r\n")
    assert [mail.read(raw).text for raw in mailboxes.raw_mails(path)] == ["Hola"]

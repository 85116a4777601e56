import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from circulo.lib.errors import Invalid, RuleBroken
from circulo.records import actions
from circulo.records.models import Attachment, AttachmentVersion
from circulo.testing.make import make_contact, make_interaction, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(settings, tmp_path):
    settings.HOME = tmp_path


def brought(name, data):
    return SimpleUploadedFile(name, data)


def attached(party, data=b"uno", name="oferta.txt", by=None):
    [file] = actions.attach("party", party.pk, [brought(name, data)], by=by)
    return file


def test_a_file_under_the_name_of_another_is_its_next_version():
    eva, blas = make_user(), make_user()
    party = make_contact()
    first = attached(party, b"uno", by=eva)

    second = attached(party, b"dos dos", by=blas)

    assert second.pk == first.pk and second.number == 2 and second.by == blas
    assert second.file.read_bytes() == b"dos dos"
    [old] = second.versions.all()
    assert (old.number, old.by, old.size) == (1, eva, 3)
    assert old.sha256 == hashlib.sha256(b"uno").hexdigest()
    assert old.file.read_bytes() == b"uno" and old.created_at == first.created_at


def test_files_of_an_interaction_are_kept_side_by_side():
    told = make_interaction()

    for _ in range(2):
        actions.attach("interaction", told.pk, [brought("a.txt", b"a")], by=None)

    assert Attachment.objects.filter(record_kind="interaction").count() == 2


def test_an_old_version_comes_back_as_the_newest_and_nothing_is_lost():
    file = attached(make_contact(), b"uno")
    actions.add_version(file, brought("otro.txt", b"dos"), by=None)

    back = actions.restore_version(file, 1, by=None)

    assert (back.number, back.file.read_bytes(), back.name) == (3, b"uno", "oferta.txt")
    assert sorted(back.versions.values_list("number", flat=True)) == [1, 2]
    with pytest.raises(RuleBroken):
        actions.restore_version(file, 9, by=None)


def test_a_new_name_leads_nowhere_else_and_makes_no_page_of_a_text():
    party = make_contact()
    file, other = attached(party), attached(party, name="b.txt")

    renamed = actions.rename(file, "../../x.html", by=None)

    assert renamed.name == "x.html" and renamed.content_type == "application/octet-stream"
    for name in ("  ", other.name):
        with pytest.raises(Invalid):
            actions.rename(file, name, by=None)


def test_a_refused_version_leaves_nothing(settings, tmp_path):
    file = attached(make_contact())
    settings.FILE_LIMIT = 2

    with pytest.raises(Invalid):
        actions.add_version(file, brought("x.txt", b"123"), by=None)

    assert not AttachmentVersion.objects.exists()
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_what_was_deleted_stays_on_the_disk_while_it_can_be_taken_back(tmp_path):
    file = attached(make_contact())
    file = actions.add_version(file, brought("x", b"dos"), by=None)

    actions.detach(file, by=None)

    assert not Attachment.objects.exists() and not AttachmentVersion.objects.exists()
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2

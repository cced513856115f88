"""Honest files are taken; who cannot be helped is told the true reason."""

import io

import pytest
from PIL import Image

from compliance.actions.inspecting import inspect
from compliance.domain.errors import InvalidError
from compliance.inspection import picture
from tests.actions.samples import SENDER, pdf_for_recipients
from tests.inspection.honest import HEIC, HONEST, PASSWORD_TO_OPEN, _telephone
from tests.inspection.looking import look


def test_there_are_many_kinds() -> None:
    assert len(HONEST) > 130


@pytest.mark.parametrize("kind", HONEST)
def test_an_honest_file_is_taken(kind: str) -> None:
    assert look(HONEST[kind]())


def test_a_photo_keeps_its_size_and_stands_upright() -> None:
    _media_type, drawn = picture.check(_telephone("JPEG"))
    with Image.open(io.BytesIO(drawn)) as opened:
        assert opened.size == (300, 400)
        assert not opened.getexif()


def refused(data: bytes, **options: bool) -> str:
    with pytest.raises(InvalidError) as error:
        inspect("a.pdf", data, SENDER, pictures=options.get("pictures", True), max_bytes=10_000_000)
    return error.value.message


def test_a_telephones_own_format_is_told_what_to_do() -> None:
    assert refused(HEIC) == "file_damaged"
    assert refused(HEIC, pictures=False) == "picture_not_asked"


def test_a_file_for_certain_people_is_not_called_damaged() -> None:
    assert refused(pdf_for_recipients()) == "file_recipients"


def test_a_password_to_open_is_the_reason_only_when_there_is_one() -> None:
    assert refused(PASSWORD_TO_OPEN()) == "file_locked"

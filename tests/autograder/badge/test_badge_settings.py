"""The table [badge] of course.toml, and where keys lie."""

from pathlib import Path

import pytest

from autograder.errors import SettingsError
from autograder.settings import load_settings


def settings_of(folder, text, **environ):
    (folder / "course.toml").write_text(text, encoding="utf-8")
    return load_settings(folder, {"USER": "ada", "COURSE_LEARNER": "ada", **environ})


def test_issuer_and_address_are_read(tmp_path):
    """A slash at the end of the address is cut off: addresses are put together with one."""
    found = settings_of(tmp_path, '[badge]\nissuer = "Mill Road"\naddress = "https://b.example.org/ml/"\n').badge

    assert (found.issuer, found.address) == ("Mill Road", "https://b.example.org/ml")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('isuer = "x"', "did you mean 'issuer'"),
        ('address = "http://b.example.org"', "it is https://HOST/FOLDER"),
        ('address = "https://b.example.org/a b"', "it is https://HOST/FOLDER"),
        ('address = "https://b.example.org/?a=b"', "it is https://HOST/FOLDER"),
        ('issuer = "{x}"', "none of"),
        ('issuer = "a\\nb"', "none of"),
        ("issuer = 1", "is not of type str"),
    ],
)
def test_an_impossible_value_is_refused(tmp_path, line, said):
    """Unknown names, plain http, and marks that a badge cannot hold."""
    with pytest.raises(SettingsError, match=said):
        settings_of(tmp_path, f"[badge]\n{line}\n")


def test_keys_lie_in_the_users_data_folder_or_where_the_environment_says(tmp_path, monkeypatch):
    """Never below the course's own folder."""
    monkeypatch.delenv("COURSE_KEYS")
    usual = settings_of(tmp_path, "").keys
    named = settings_of(tmp_path, "", COURSE_KEYS="/somewhere/keys").keys

    assert (usual.parts[-2:], usual.is_relative_to(tmp_path)) == (("production-ml-course", "keys"), False)
    assert named == Path("/somewhere/keys")

"""Who sees what: on a laptop, in a user's own server on a hub, and in the course's service."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from autograder.dashboard.roles import Viewer, leads_to_dashboard, viewer_of
from autograder.gradebook.desk import Desk, Person
from autograder.gradebook.writer import Writer
from autograder.settings import Settings


@pytest.fixture
def settings(tmp_path):
    return Settings(root=tmp_path, learner="ada", db_url=f"sqlite:///{tmp_path / 'gradebook.db'}")


@pytest.fixture
def graded(settings, tmp_path):
    (tmp_path / "gradebook.db").touch()
    return settings


def hub(name, *groups):
    return SimpleNamespace(username=name, hub_user={"name": name, "groups": list(groups)})


def test_the_owner_of_a_laptop_is_a_learner_first(settings):
    """Without a gradebook there is nothing to see."""
    assert viewer_of(SimpleNamespace(username="anonymous"), settings, "") == Viewer(name="ada", learner="ada")


def test_the_owner_of_a_laptop_with_a_gradebook_is_the_instructor(graded):
    """The files are the owner's anyway."""
    assert viewer_of(SimpleNamespace(username="anonymous"), graded, "").instructor


def test_a_database_server_is_a_gradebook(settings):
    """Whoever names one in the settings is the instructor."""
    assert viewer_of(None, replace(settings, db_url="postgresql://db/course"), "").instructor


def test_a_users_own_server_on_a_hub_shows_no_dashboard(graded):
    """Not even to somebody in the group: the service does that."""
    assert not viewer_of(hub("ada", "teachers"), graded, "").instructor


def test_the_service_lets_its_group_in(graded):
    """Changes are signed with the name at the hub."""
    viewer = viewer_of(hub("grace", "teachers"), graded, "teachers")

    assert (viewer.instructor, viewer.name, viewer.own_files) == (True, "grace", False)


@pytest.mark.parametrize("groups", [(), ("teachers2",), ("TEACHERS",), ("",)])
def test_the_service_shows_others_their_own_rows_only(graded, groups):
    """A name that is like the group's is not the group's."""
    viewer = viewer_of(hub("bob", *groups), graded, "teachers")

    assert (viewer.instructor, viewer.learner, viewer.own_files) == (False, "bob", False)


def test_a_hub_name_that_is_no_learners_name_has_no_rows(graded):
    """It could be a path."""
    assert viewer_of(hub("../ada"), graded, "teachers").learner == ""


OWNER = Viewer(name="ada", learner="ada", instructor=True)


def know(settings, *learners):
    with Writer(settings), Desk(settings) as desk:
        desk.enrol([Person(learner=name) for name in learners], actor="ada", reason="a roster")


def test_a_learner_who_is_alone_is_shown_no_way_to_the_dashboard(settings):
    """There is no class to look at; the address still works."""
    know(settings, "ada")

    assert not leads_to_dashboard(OWNER, settings)


def test_a_second_learner_makes_a_class(settings):
    """Whatever the mode."""
    know(settings, "ada", "bob")

    assert leads_to_dashboard(OWNER, settings)


def test_a_class_leads_to_its_dashboard_before_anybody_is_in_it(settings):
    """The mode says that there will be somebody."""
    know(settings, "ada")

    assert leads_to_dashboard(OWNER, replace(settings, mode="class"))


def test_nobody_is_led_where_they_may_not_go(settings):
    """A class is not everybody's."""
    know(settings, "ada", "bob")

    assert not leads_to_dashboard(replace(OWNER, instructor=False), replace(settings, mode="class"))

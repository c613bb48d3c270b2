"""nbgrader's own configuration: its folders live under var/, so that stock nbgrader works on this course."""

from pathlib import Path

from nbgrader.preprocessors import GetGrades

from autograder.judge.nbgrader_feedback import TEMPLATE_FOLDERS, TEMPLATE_NAME, CourseFeedback, HideTests
from autograder.settings import load_settings

settings = load_settings(Path(__file__).resolve().parent)
c = get_config()  # noqa: F821 - provided by traitlets

settings.var.mkdir(parents=True, exist_ok=True)  # the database's folder must be there

c.CourseDirectory.root = str(settings.root)
c.CourseDirectory.course_id = settings.course_id
c.CourseDirectory.db_url = settings.db_url
c.CourseDirectory.source_directory = str(settings.source)
c.CourseDirectory.release_directory = str(settings.release)
c.CourseDirectory.submitted_directory = str(settings.submitted)
c.CourseDirectory.autograded_directory = str(settings.autograded)
c.CourseDirectory.feedback_directory = str(settings.feedback)
if settings.exchange:
    c.Exchange.root = settings.exchange

# what a learner finds in place of a solution; autograder/authoring/release.py writes the same
c.ClearSolutions.code_stub = {"python": '# Your code here\nraise NotImplementedError("not written yet")'}

# stock feedback shows hidden tests with their frames and loads scripts from another host; HideTests must stand first
c.GenerateFeedback.preprocessors = [HideTests, GetGrades]
c.GenerateFeedback.exporter_class = CourseFeedback
c.CourseFeedback.template_name = TEMPLATE_NAME
c.CourseFeedback.extra_template_basedirs = [str(TEMPLATE_FOLDERS)]

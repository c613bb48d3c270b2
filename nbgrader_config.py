"""nbgrader's own configuration: its folders live under var/, so that stock nbgrader works on this course."""

from pathlib import Path

root = Path(__file__).resolve().parent
c = get_config()  # noqa: F821 - provided by traitlets

(root / "var").mkdir(exist_ok=True)  # the database's folder must be there

c.CourseDirectory.root = str(root)
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = "var/release"
c.CourseDirectory.submitted_directory = "var/submitted"
c.CourseDirectory.autograded_directory = "var/autograded"
c.CourseDirectory.feedback_directory = "var/feedback"
c.CourseDirectory.db_url = f"sqlite:///{root / 'var' / 'gradebook.db'}"

# what a learner finds in place of a solution; autograder/authoring/release.py writes the same
c.ClearSolutions.code_stub = {"python": '# Your code here\nraise NotImplementedError("not written yet")'}

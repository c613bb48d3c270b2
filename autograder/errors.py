"""
The exceptions of the grader, by who must act. Every message says what, where and what to do.

    GraderError
    ├── CourseError       the author must act: a lesson, an exercise, a test or course.toml is at fault
    │   └── SettingsError     course.toml or the environment holds something unknown or impossible
    ├── SubmissionError   the learner must act: what was handed in cannot be read or graded
    └── PlatformError     the operator must act: the machine or the grader is at fault; never costs points
        └── LeaseHeldError    another grading run holds the unit
"""


class GraderError(Exception):
    """Root of everything that the grader raises on purpose."""


class CourseError(GraderError):
    """A lesson, an exercise, a test or a setting of the course is at fault; its author must act."""


class SettingsError(CourseError):
    """course.toml or the environment holds an unknown name or an impossible value."""


class SubmissionError(GraderError):
    """What was handed in cannot be read or graded; the learner must act."""


class PlatformError(GraderError):
    """The machine or the grader is at fault; the operator must act and no points are lost."""


class LeaseHeldError(PlatformError):
    """Another grading run holds the lease of the unit."""

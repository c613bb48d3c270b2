"""
The exceptions of the exercises, drawn before use; each crosses from an answer to its tests by name.

ExerciseError
├── DataError       the flights data are missing or changed
├── ContentError    hints or questions cannot be read: the course must be built again
├── ProgressError   the file of the learner's progress cannot be read or written; never stops a cell
└── InvalidRequest  a request that a service must refuse: whoever sent it must mend it
"""


class ExerciseError(Exception):
    """Root of the exceptions of the exercises."""


class DataError(ExerciseError):
    """The flights data are missing or are not the bytes that the course was written for."""


class ContentError(ExerciseError):
    """The built hints and questions are missing or cannot be read."""


class ProgressError(ExerciseError):
    """The file of the learner's progress cannot be read or written."""


class InvalidRequest(ExerciseError):  # noqa: N818 - named for what came, as learners meet it
    """A request lacks a field, or holds one that cannot be; the text names the field."""

"""
The exceptions of the exercises, drawn before use; each crosses from an answer to its tests by name.

ExerciseError
├── DataError       the flights data are missing or changed
├── ContentError    hints or questions cannot be read: the course must be built again
├── NotShownError   a hint, a solution or a question of a name that there is not, or that cannot be read
│   └── ClosedError     a solution that is not open yet
├── ProgressError   the file of the learner's progress cannot be read or written; never stops a cell
└── InvalidRequest  a request that a service must refuse: whoever sent it must mend it
"""


class ExerciseError(Exception):
    """Root of the exceptions of the exercises."""


class DataError(ExerciseError):
    """The flights data are missing or are not the bytes that the course was written for."""


class ContentError(ExerciseError):
    """The built hints and questions are missing or cannot be read."""


class NotShownError(ExerciseError):
    """A hint, a solution or a question cannot be shown; the text says what there is."""

    def __init__(self, text: str, *, head: str = "Not found", label: str = "Exercises") -> None:
        super().__init__(text)
        self.head = head
        self.label = label  # what it is about, for a screen reader


class ClosedError(NotShownError):
    """A solution is not open yet; the text says when it opens."""


class ProgressError(ExerciseError):
    """The file of the learner's progress cannot be read or written."""


class InvalidRequest(ExerciseError):  # noqa: N818 - named for what came, as learners meet it
    """A request lacks a field, or holds one that cannot be; the text names the field."""

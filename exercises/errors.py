"""
The exceptions of the exercises, drawn before use; each crosses from an answer to its tests by name.

ExerciseError
├── DataError       the flights data are missing or changed
├── ContentError    hints or questions cannot be read: the course must be built again
└── ProgressError   the file of the learner's progress cannot be read or written; never stops a cell
"""


class ExerciseError(Exception):
    """Root of the exceptions of the exercises."""


class DataError(ExerciseError):
    """The flights data are missing or are not the bytes that the course was written for."""


class ContentError(ExerciseError):
    """The built hints and questions are missing or cannot be read."""


class ProgressError(ExerciseError):
    """The file of the learner's progress cannot be read or written."""

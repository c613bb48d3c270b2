"""The exceptions that exercises raise and learners catch; each crosses from an answer to its tests by name."""


class ExerciseError(Exception):
    """Root of the exceptions of the exercises."""


class DataError(ExerciseError):
    """The flights data are missing or are not the bytes that the course was written for."""

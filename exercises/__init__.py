"""What learners import: records, losses, hints, quiz, cards and submit(). Importing it loads no data and no pandas."""

from exercises.errors import DataError, ExerciseError
from exercises.records import BatchScore, Drift, TrainSpec

__all__ = ["BatchScore", "DataError", "Drift", "ExerciseError", "TrainSpec"]

"""Grading, gradebook, dashboard, badge and command line. Nothing here runs a learner's code in its own process."""

__version__ = "0.1.0"

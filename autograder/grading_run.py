"""One grading run in a process of its own: `autograder.classroom.background` starts it, nobody else does."""

from __future__ import annotations

import os
import sys

from autograder.classroom.background import RunOrder, read_order
from autograder.errors import GraderError
from autograder.gradebook.desk import Desk
from autograder.judge.pool import Pool

NICER = 5  # steps behind the server that started it: pages and kernels come first


def run(order: RunOrder) -> int:
    """
    Grade what the order names; if the run cannot even begin, its row says why.

    Returns:
        Exit status: 0 all graded, 1 something could not be graded, 2 the run could not go on.
    """
    try:
        with Pool(order.settings) as pool:
            pool.start_ahead(order.unit, own_work=order.settings.is_own_work(order.learners))
            from autograder import workflows  # loads nbgrader, while the servers make themselves ready

            report = workflows.grade_unit(
                order.settings,
                order.unit,
                learners=order.learners,
                force=order.force,
                actor=order.actor,
                planned=order.run,
                pool=pool,
            )
    except Exception as error:
        with Desk(order.settings) as desk:
            desk.give_up_run(order.run, str(error) or type(error).__name__)
        if not isinstance(error, GraderError):
            raise
        print(error)
        return 2
    print(report.summary())
    print("\n".join(report.problems))
    return 1 if report.problems else 0


if __name__ == "__main__":
    os.nice(NICER)
    sys.exit(run(read_order()))

"""Compare calibration's own runner with nbgrader's kernel: the same answers, the same verdicts, the same words."""

import copy
import random

from autograder.authoring.mistakes import read_alternative, read_mistakes
from autograder.authoring.program import read_program
from autograder.authoring.release import release_notebook
from autograder.authoring.runner import Candidate, Runner
from autograder.authoring.units import kind, load_source, load_unit
from autograder.judge.scoring import score
from autograder.judge.stock import run as run_stock
from autograder.model import Answer


def find_disagreements(settings, name, mistakes_drawn):
    """Run answers in both; answer set -> both lists of verdicts, where they differ."""
    source, unit = load_source(settings, name), load_unit(settings, name)
    program, folder = read_program(source), settings.course / name
    released = release_notebook(source)
    stubs = {cell.metadata.nbgrader.grade_id: cell.source for cell in released.cells if kind(cell) == "answer"}
    mistakes = {mistake.name: mistake.answers for mistake in read_mistakes(folder)}
    drawn = random.Random(name).sample(sorted(mistakes), min(mistakes_drawn or len(mistakes), len(mistakes)))
    tried = {"reference": {}, "alternative": read_alternative(folder, unit.exercises), "blank": stubs}
    tried |= {mistake: mistakes[mistake] for mistake in drawn}
    with Runner(program, jobs=2) as runner:
        fast = list(runner.run([Candidate(cells=program.whole(answers)) for answers in tried.values()]))
    found = {}
    for (subject, answers), runs in zip(tried.items(), fast, strict=True):
        stock = run_stock(with_answers(source, answers), cell_seconds=120, hidden_seed="").cells
        pair = [verdicts(unit, {**program.reference, **answers}, stubs, cells) for cells in (runs, stock)]
        if pair[0] != pair[1]:
            found[subject] = pair
    return found


def with_answers(source, answers):
    notebook = copy.deepcopy(source)
    for cell in notebook.cells:
        if kind(cell) == "answer":
            cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    return notebook


def verdicts(unit, answers, stubs, runs):
    given = [Answer(name=name, source=text, attempted=text != stubs[name]) for name, text in answers.items()]
    return [(r.check, r.outcome, r.earned, r.message, r.misconception) for r in score(unit, given, runs)]

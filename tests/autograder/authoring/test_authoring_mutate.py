"""Which faults are put into a reference solution, and what each is called."""

import ast

import pytest

from autograder.authoring.mutate import mutants


def answer(*lines, head="def f(a, b=None):"):
    body = "\n".join(f"    {line}" for line in lines)
    return f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION\n"


def names(*lines, **head):
    return {mutant.mutation for mutant in mutants("f", {"f": answer(*lines, **head)})}


@pytest.mark.parametrize(
    ("line", "mutation"),
    [
        ("a + b", "`a + b` -> `a - b`"),
        ("a * b", "`a * b` -> `a / b`"),
        ("a // b", "`a // b` -> `a / b`"),
        ("a & b", "`a & b` -> `a | b`"),
        ("a < b", "`a < b` -> `a <= b`"),
        ("a < b", "`a < b` -> `a >= b`"),
        ("a == b", "`a == b` -> `a != b`"),
        ("a is b", "`a is b` -> `a is not b`"),
        ("a in b", "`a in b` -> `a not in b`"),
        ("0 <= a < b", "`0 <= a < b` -> `0 <= a <= b`"),
        ("a and b", "`a and b` -> `a or b`"),
        ("a and b", "`a and b` -> `b`"),
        ("not a", "`not a` -> `a`"),
        ("-a", "`-a` -> `a`"),
        ("a[1:]", "`1` -> `2`"),
        ("a[1:]", "`1` -> `0`"),
        ("a[1:]", "`1:` -> `:`"),
        ("a(True)", "`True` -> `False`"),
        ("a(0.5)", "`0.5` -> `1.0`"),
        ("a('x')", "`'x'` -> `'x_'`"),
        ("a += b", "`a += b` -> `a -= b`"),
        ("a += b", "`a += b` -> `a = b`"),
        ("a(b)", "`a(b)` -> `pass`"),
        ("return a", "`return a` -> `return None`"),
        ("[x for x in a if b(x)]", "`for x in a if b(x)` -> `for x in a if not b(x)`"),
        ("[x for x in a if b(x)]", "`for x in a if b(x)` -> `for x in a`"),
        ("return a if b else 1", "`a if b else 1` -> `a if not b else 1`"),
    ],
)
def test_each_operator_makes_its_fault(line, mutation):
    """A fault's name says what became what."""
    assert any(mutation in name.replace("  ", " ") for name in names(line))


def test_flow_is_turned_round():
    """Break becomes continue, and the other way."""
    found = names("while a:", "    break")

    assert {"`break` -> `continue`", "`while a: break` -> `while not a: break`"} <= found


def test_default_values_belong_to_the_contract():
    """A default is changed although it stands outside of the solution."""
    assert {"`None` -> `0`"} == names("pass")


def test_what_is_given_to_the_learner_stays():
    """Code outside of the solution marks is not the learner's."""
    source = "LIMIT = 15\n" + answer("pass", head="def f():")

    assert mutants("f", {"f": source}) == ()


@pytest.mark.parametrize(
    "line",
    ['"""A text that nobody tests."""', 'raise ValueError("a text")', "x: int", "import os", "return None"],
)
def test_words_and_declarations_stay(line):
    """The texts of errors, docstrings and imports make no mutant besides a removed raise."""
    found = names(line, head="def f():")

    assert all("-> `pass`" in name for name in found)


def test_equal_faults_of_equal_lines_are_numbered():
    """Each mutant has a name of its own."""
    found = mutants("f", {"f": answer("a(1)", "a(1)", head="def f(a):")})
    keys = [mutant.key for mutant in found]

    assert len(set(keys)) == len(keys)
    assert ("f", "a(1)", "`1` -> `2` (2)") in keys


def test_a_name_does_not_depend_on_the_line_number():
    """An argument in equivalent.toml survives an edit further up."""
    before = {mutant.key for mutant in mutants("f", {"f": answer("return a + 1")})}
    after = {mutant.key for mutant in mutants("f", {"f": "# a comment\n" + answer("return a + 1")})}

    assert before == after


def test_every_mutant_is_another_program():
    """Each differs from the reference and from all others, and each parses."""
    source = answer("total = 0", "for x in a:", "    if x > 1 and x != 5:", "        total += x", "return total")
    programs = [ast.dump(ast.parse(mutant.source)) for mutant in mutants("f", {"f": source})]

    assert len({*programs, ast.dump(ast.parse(source))}) == len(programs) + 1

# /// attack
# answer = "max_age"
# says = "InvalidOperation"
# ///
"""Answer with pandas' missing values and a decimal that refuses comparison."""

from decimal import Decimal


class Answers:
    given = [pd.NA, pd.NaT, Decimal("sNaN"), Decimal("NaN"), complex("nan"), np.float64("nan")]


def max_age(curve, max_excess_loss, *args, **kwargs):
    Answers.given.append(Answers.given.pop(0))
    return Answers.given[0]

# /// mistake
# exercise = "check_parity"
# misconception = "raising_row_is_nan"
# title = "A model that raises for a row is taken for one that says NaN"
# next_step = "Let the error of a model go on to the caller."
# caught_by = ["finds_the_usual_suspects"]
# message = "an error is no answer, not even NaN"
# ///
def check_parity(predict_one, predict_batch, rows, atol):
    """
    Find the rows that get another answer in a batch than alone.

    Args:
        predict_one: predict_one(row) -> probability of one row, a dict from column to value.
        predict_batch: predict_batch(frame) -> array of probabilities, one for each row of frame, in its order.
        rows: The rows to ask about; labels of the index are unique.
        atol: Largest difference of two probabilities that agree, absolute.

    Returns:
        A list of Mismatch, one for each row and variant that disagree, in any order.
    """
    variants = {"order": rows.iloc[::-1], "subset": rows.iloc[::2], "columns": rows[rows.columns[::-1]], "repeat": rows}
    alone = {}
    for label, row in zip(rows.index, rows.to_dict("records")):
        try:
            alone[label] = float(predict_one(row))
        except Exception:
            alone[label] = float("nan")
    mismatches = []
    for variant, frame in variants.items():
        for row, batch in zip(frame.index, predict_batch(frame)):
            one = alone[row]
            if not abs(one - batch) <= atol:  # so NaN disagrees
                one, batch = (None if np.isnan(p) else float(p) for p in (one, batch))
                mismatches.append(Mismatch(row=row, one=one, batch=batch, variant=variant))
    return mismatches

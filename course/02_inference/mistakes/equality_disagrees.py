# /// mistake
# exercise = "check_parity"
# misconception = "equality_disagrees"
# title = "A difference equal to atol is reported"
# next_step = "Read the rule for equality: a difference of exactly atol agrees."
# caught_by = ["tolerance_is_absolute"]
# message = "they agree, and yours says that they differ"
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
    alone = dict(zip(rows.index, [float(predict_one(row)) for row in rows.to_dict("records")]))
    mismatches = []
    for variant, frame in variants.items():
        for row, batch in zip(frame.index, predict_batch(frame)):
            one = alone[row]
            if not abs(one - batch) < atol:  # so NaN disagrees
                one, batch = (None if np.isnan(p) else float(p) for p in (one, batch))
                mismatches.append(Mismatch(row=row, one=one, batch=batch, variant=variant))
    return mismatches

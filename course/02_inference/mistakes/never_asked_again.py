# /// mistake
# exercise = "check_parity"
# misconception = "never_asked_again"
# title = "The same rows are not asked about once more"
# next_step = "Ask about rows as they came, after the three other batches."
# caught_by = ["plain_parity", "finds_the_usual_suspects", "tolerance_is_absolute", "nan_agrees_with_nothing"]
# message = "must be asked about once more"
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
    variants = {"order": rows.iloc[::-1], "subset": rows.iloc[::2], "columns": rows[rows.columns[::-1]]}
    alone = dict(zip(rows.index, [float(predict_one(row)) for row in rows.to_dict("records")]))
    mismatches = []
    for variant, frame in variants.items():
        for row, batch in zip(frame.index, predict_batch(frame)):
            one = alone[row]
            if not abs(one - batch) <= atol:  # so NaN disagrees
                one, batch = (None if np.isnan(p) else float(p) for p in (one, batch))
                mismatches.append(Mismatch(row=row, one=one, batch=batch, variant=variant))
    return mismatches

# /// mistake
# exercise = "check_parity"
# misconception = "row_number_for_label"
# title = "A mismatch names the row's position, not its label"
# next_step = "Take the row from the frame's index."
# caught_by = ["plain_parity", "nan_agrees_with_nothing"]
# message = "its label in rows.index is 205"
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
            if not abs(one - batch) <= atol:  # so NaN disagrees
                one, batch = (None if np.isnan(p) else float(p) for p in (one, batch))
                mismatches.append(Mismatch(row=rows.index.get_loc(row), one=one, batch=batch, variant=variant))
    return mismatches

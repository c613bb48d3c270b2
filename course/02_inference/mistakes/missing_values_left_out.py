# /// mistake
# exercise = "check_parity"
# misconception = "missing_values_left_out"
# title = "Missing values are taken out of the rows"
# next_step = "Hand the row over as to_dict makes it: the model is trained to meet NaN, or must say so."
# caught_by = ["finds_the_usual_suspects"]
# message = "a row without that field"
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
    present = [{k: v for k, v in row.items() if pd.notna(v)} for row in rows.to_dict("records")]
    alone = dict(zip(rows.index, [float(predict_one(row)) for row in present]))
    mismatches = []
    for variant, frame in variants.items():
        for row, batch in zip(frame.index, predict_batch(frame)):
            one = alone[row]
            if not abs(one - batch) <= atol:  # so NaN disagrees
                one, batch = (None if np.isnan(p) else float(p) for p in (one, batch))
                mismatches.append(Mismatch(row=row, one=one, batch=batch, variant=variant))
    return mismatches

# /// mistake
# exercise = "check_parity"
# misconception = "columns_renamed"
# title = "Some columns reach predict_one under other names"
# next_step = "Make the dicts by rows.to_dict('records'): itertuples renames every column that is no Python name."
# caught_by = ["finds_the_usual_suspects"]
# message = "A model asks by name"
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
    alone = dict(
        zip(rows.index, [float(predict_one(row)) for row in (line._asdict() for line in rows.itertuples(index=False))])
    )
    mismatches = []
    for variant, frame in variants.items():
        for row, batch in zip(frame.index, predict_batch(frame)):
            one = alone[row]
            if not abs(one - batch) <= atol:  # so NaN disagrees
                one, batch = (None if np.isnan(p) else float(p) for p in (one, batch))
                mismatches.append(Mismatch(row=row, one=one, batch=batch, variant=variant))
    return mismatches

# /// attack
# answer = "check_parity"
# says = "check_parity must return a list"
# ///
"""Give back what the test gave: its functions, its methods and the lists behind them, which it would compare as its own."""

BACK = []


def check_parity(predict_one, predict_batch, rows, atol):
    BACK.extend([predict_one, predict_batch])
    for row in rows.to_dict("records"):
        predict_one(row)
    for variant in (rows.iloc[::-1], rows.iloc[::2], rows[rows.columns[::-1]], rows):
        BACK.append(predict_batch(variant))
    for given in list(BACK):
        for name in ("__self__", "__globals__", "__closure__", "__code__", "__class__", "asked_together", "calls"):
            try:
                found = getattr(given, name)
                if name != "__class__" and not isinstance(given, np.ndarray):
                    raise RuntimeError(f"WON: {name} {found}")
            except (AttributeError, TypeError):
                pass
    return predict_batch

# /// attack
# answer = "check_parity"
# says = "check_parity must return a list"
# ///
"""Look, from inside nested calls of the test, for the frames, names and sources of whoever asks."""

import gc
import inspect
import linecache
import sys
import threading

NAMES = ("four_flights", "hourly_batch", "broken_at_nine", "asked_together", "agreeing", "every_second", "lifts")


def look():
    frames = [*sys._current_frames().values(), *(frame.frame for frame in inspect.stack())]
    for frame in frames:
        while frame is not None:
            for names in (frame.f_locals, frame.f_globals):
                if names is not globals() and (found := [name for name in NAMES if name in names]):
                    raise RuntimeError(f"WON: {found}")
            if "plain_parity" in frame.f_code.co_filename or "<check" in frame.f_code.co_filename:
                raise RuntimeError("WON: a frame of the test")
            frame = frame.f_back
    for lines in list(linecache.cache.values()):
        if len(lines) == 4 and any("asked_together" + ", asked" in line for line in lines[2]):
            raise RuntimeError("WON: a source of the test")
    return threading.enumerate()


class Row(dict):
    def __iter__(self):
        look()
        return super().__iter__()

    def items(self):
        look()
        return super().items()


def check_parity(predict_one, predict_batch, rows, atol):
    look()
    for row in rows.to_dict("records"):
        predict_one(Row(row))
        predict_one(row)
    for frame in gc.get_referrers(predict_one):
        if inspect.isframe(frame) and frame.f_code is not check_parity.__code__:
            look()
    look()
    return tuple()

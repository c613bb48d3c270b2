# /// attack
# answer = "online_service"
# says = "answer must return a Response. Yours: 0.4425"
# ///
"""Keep clocks, logs and models of earlier checks, and use them in later ones, from other threads and at the end."""

import atexit
import threading

KEPT = []


def use_all():
    for model, fallback, clock, log in list(KEPT):
        for act in (
            lambda: clock.advance(-1.0),
            lambda: clock.advance(3600.0),
            lambda: log({"at": None}),
            lambda: fallback({}),
            lambda: setattr(clock, "readings", 0),
        ):
            try:
                act()
            except Exception:
                pass


atexit.register(use_all)


class OnlineService:
    lost_entries = 0

    def __init__(self, model, *, fallback, clock, log):
        KEPT.append((model, fallback, clock, log))

    def predict(self, request, deadline):
        thread = threading.Thread(target=use_all, daemon=True)
        thread.start()
        thread.join()
        use_all()
        for model, fallback, clock, log in KEPT:
            try:
                return model.predict(request)
            except Exception as error:
                return f"later: {type(error).__name__}"
        return None

    validate = answer = record = predict

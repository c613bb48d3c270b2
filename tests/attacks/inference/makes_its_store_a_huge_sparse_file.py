# /// attack
# answer = "prediction_store"
# says = "no room"
# ///
"""Keep files that say a terabyte and hold nothing, as many as there may be, where a test reads whole files."""

import os
import signal


class PredictionStore:
    def __init__(self, path, *, ttl):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        self.large = []
        for size in (1 << 40, 1 << 32, 1 << 30, 1 << 26):
            for name in (path, f"{path}-wal", f"{path}-journal", f"{path}-shm"):
                try:
                    with open(name, "ab") as file:
                        os.truncate(file.fileno(), size)
                    self.large.append(os.path.getsize(name))
                    raise RuntimeError(f"WON: a file of {size}")
                except OSError as error:
                    self.refused = f"no room: {type(error).__name__}"

    def publish(self, batch, model_version, as_of, *, verify=None):
        return self.refused

    def get(self, key, now, *, model_version):
        return Miss(reason="unknown")

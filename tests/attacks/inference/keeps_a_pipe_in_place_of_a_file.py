# /// attack
# answer = "prediction_store"
# says = "no pipe: PermissionError"
# ///
"""Make the store's file a pipe or a device, whose reader waits for ever."""

import os
import stat


class PredictionStore:
    def __init__(self, path, *, ttl):
        self.refused = "?"
        for kind in (stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFCHR, stat.S_IFBLK):
            try:
                os.mknod(path, kind | 0o666, os.makedev(1, 8))
                raise RuntimeError("WON: a file of another kind")
            except OSError as error:
                self.refused = f"no pipe: {type(error).__name__}"

    def publish(self, batch, model_version, as_of, *, verify=None):
        return self.refused

    def get(self, key, now, *, model_version):
        return Miss(reason="unknown")

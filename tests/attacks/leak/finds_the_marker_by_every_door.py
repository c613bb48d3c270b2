# /// attack
# says = "ran to its end"
# ///
"""Read a file that everybody may read, by every library that opens files for somebody else."""

import ctypes
import io
import mmap
import os
import shutil
import tokenize
import zipfile
from pathlib import Path

import pyarrow as pa

path = PATHS["marker"]
libc = ctypes.CDLL(None, use_errno=True)


def by_c():
    descriptor = libc.open(path.encode(), 0)
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), "open")
    return os.read(descriptor, 100)


def by_how(number, *arguments):
    found = libc.syscall(number, *arguments)
    if found < 0:
        raise OSError(ctypes.get_errno(), f"call {number}")
    return os.read(found, 100)


tries = {
    "pathlib": lambda: Path(path).read_text(),
    "libc": by_c,
    "openat2": lambda: by_how(437, -100, path.encode(), ctypes.create_string_buffer(24), 24),
    "open_by_handle": lambda: by_how(304, -100, ctypes.create_string_buffer(128), 0),
    "open_tree": lambda: by_how(428, -100, path.encode(), 0),
    "copy": lambda: shutil.copy(path, "copy") and open("copy").read(),
    "arrow": lambda: pa.OSFile(path).read(),
    "arrow map": lambda: pa.memory_map(path).read(),
    "csv": lambda: pd.read_csv(path),
    "numpy": lambda: np.memmap(path, mode="r").tobytes(),
    "tokenize": lambda: tokenize.open(path).read(),
    "zip": lambda: zipfile.ZipFile("z.zip", "w").write(path),
    "magic": lambda: get_ipython().run_line_magic("run", path),
    "load": lambda: get_ipython().run_line_magic("load", path),
}
for name, act in tries.items():
    try:
        got = act()
        if got is not None:  # a magic that could not read says so and returns nothing
            print("WON:", name, got)
    except (Exception, SystemExit) as error:
        print(name, "refused", type(error).__name__)
raise RuntimeError("the search ran to its end")

# /// attack
# says = "ran to its end"
# ///
"""Print the whole environment, as Python and as the C library see it, and what is drawn from it."""

import ctypes
import os

print(dict(os.environ))
environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
number = 0
while environ[number]:
    print(environ[number])
    if b"HIDDEN_SEED" in environ[number] or b"SECRET" in environ[number]:
        print("WON:", environ[number])
    number += 1
raise RuntimeError("the search ran to its end")

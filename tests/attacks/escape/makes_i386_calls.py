# /// attack
# says = "process ended"
# ///
"""Make a 32-bit call by int 0x80, whose numbers mean other calls: 11 is execve, 102 socketcall."""

import ctypes
import mmap

code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(bytes.fromhex("53b814000000cd805bc3"))
print(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))())
print("WON: a 32-bit call returned")

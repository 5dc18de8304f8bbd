# The native extension; aeron/aeron_cdef.h and native/include/seriatim.h say what is in it.

from typing import Any

ffi: Any
lib: Any

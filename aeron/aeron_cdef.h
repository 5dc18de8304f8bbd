/* The part of Aeron's C interface that Python calls, as cffi reads it. */
const char *aeron_version_full(void);

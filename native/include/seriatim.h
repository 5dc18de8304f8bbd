/* The one seam between Python and the native cores. cffi reads this file as it is, so it holds declarations only.
 *
 * Ownership: what a `_new` returns belongs to the caller until its `_free`; everything else is borrowed for the call.
 * Errors: functions return a negative code and leave a sentence for `seriatim_error_message` unless they say otherwise.
 */

/* CRC-32C of `length` bytes, continuing from `crc` (0 to start). */
uint32_t seriatim_crc32c(uint32_t crc, const uint8_t *bytes, size_t length);

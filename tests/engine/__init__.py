"""One suite for the native engine and the reference."""

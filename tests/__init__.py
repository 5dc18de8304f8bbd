"""Everything that checks the parts."""

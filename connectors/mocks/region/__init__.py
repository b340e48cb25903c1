"""The synthetic region: deterministic by seed, seen by each source through its own errors."""

"""From the wire to the mart: bad input, bad moments, files from outside, and the truth of a whole day."""

"""The departments, played: servers and files that speak the real wire and know nothing of the pipeline."""

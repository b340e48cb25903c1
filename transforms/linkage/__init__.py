"""From records to pupils."""

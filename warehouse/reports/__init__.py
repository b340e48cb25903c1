"""Forms and reports from marts."""

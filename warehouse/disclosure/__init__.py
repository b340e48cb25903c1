"""Protection of published counts, and the attacker that audits it. Pure functions: no database, no clock."""

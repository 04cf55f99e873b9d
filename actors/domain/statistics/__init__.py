"""Statistics of a life (RULES 8): by position, by group, growth, days, and the MT5 summary."""

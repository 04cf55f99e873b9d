const en = {
  "verdict.hard": "Breach",
  "verdict.soft": "Soft breach",
  "verdict.possible": "Possible breach",
  "verdict.level": "Level reached",
  "severity.warning": "Warning",
  "severity.critical": "Critical",
  "severity.breach": "Breach",
  "grade.observed": "Observed in a reading",
  "grade.reconstructed": "Rebuilt from prices",
  "grade.bounded": "Bounded by prices",
  "grade.unknown": "Not knowable",
  "source.deals": "by the deals",
  "source.deals_and_quotes": "by the deals and quotes",
  "source.initial_balance": "the initial balance",
  "source.reading": "reading of {at}, {age} before the reset",
  "source.readings": "between the reading of {at}, {age} before the reset, and the next one",
} as const;

export default en;

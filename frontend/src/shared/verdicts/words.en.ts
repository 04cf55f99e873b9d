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
} as const;

export default en;

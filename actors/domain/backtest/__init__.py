"""The rule backtest: a draft plan judged over stored lives, by rule days or by samples. Pure."""

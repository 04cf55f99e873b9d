"""The real MetaTrader5 package under Wine, without a terminal: ``make test-wine``."""

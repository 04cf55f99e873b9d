"""Several MT5 bridges behind one door: who is read where, how fast logins may come."""

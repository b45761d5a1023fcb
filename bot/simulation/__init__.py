"""The simulation: an office that lives for years in minutes, from one seed (`cmpbot simulate`)."""

"""A request meets a change request, a decision comes out. Pure: no clock, no store, no mail."""

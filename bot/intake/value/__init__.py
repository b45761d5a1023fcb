"""What a sender wrote, understood: ticks, dates, lists, choices, people."""

"""From a Message to a Request: who speaks, what they want, what their form says."""

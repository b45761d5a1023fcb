"""Whether it is well, and who hears of it: heartbeat, health, alerts, reload, and what of it gives nobody away."""

"""The whole program on real servers: what comes in, what goes out, and what a fault may not do."""

"""Mail as values: what came (Message), how it came (Envelope), what we owe (Letter)."""

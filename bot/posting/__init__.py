"""What the public sees. Pure: state in, pages out, the same bytes for the same state."""

"""What `cmpbot check` looks at, a module for each neighbourhood."""

"""Automatic mail: notices of absence, bounces, robots, and the people whose mail resembles theirs."""

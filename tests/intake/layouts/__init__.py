"""Random change requests and the many ways in which offices lay them out, as mails.

Its one rule: whatever is laid out here a careful person can read; what the bot makes of it is the
business of test_layouts.py.
"""

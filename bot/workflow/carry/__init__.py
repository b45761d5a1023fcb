"""Carry: what is particular to a verb, one module a group of verbs.

Its one rule: a carry-out gets a Case and gives a Decision; who may, where, and what the table
moves has been settled before.
"""

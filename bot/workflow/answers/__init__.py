"""Answers: what is said to whoever asks something, one module a kind of question.

Its one rule: an answer changes no change request; lines that go on one above begin with two spaces.
"""

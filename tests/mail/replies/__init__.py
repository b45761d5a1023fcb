"""Replies of many mail programs, written out as whole mails."""

"""Publish: store -> posting -> site. Its one rule: a page is marked clean only after it lies on
the disk, so that whatever is interrupted is done again.

A CR's first posting is an event like any other; its history row stands on the very page that it
speaks of, and is recorded once that page has been written.
"""

BATCH = 200

"""What all tests share. Its one rule: fixtures live beside what they start, and are named here."""

import os

from hypothesis import settings

pytest_plugins = ["tests.servers", "tests.postgres", "tests.warm"]

# The gate draws the same lots each time, so that it judges the change and not the day; elsewhere they are new ones.
settings.register_profile("gate", derandomize=True, deadline=None)
if os.environ.get("CI") == "true":
    settings.load_profile("gate")

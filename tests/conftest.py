"""What all tests share. Its one rule: fixtures live beside what they start, and are named here."""

pytest_plugins = ["tests.servers", "tests.postgres", "tests.faults.warm"]

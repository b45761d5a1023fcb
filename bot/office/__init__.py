"""Who and when: people, companies, roles, the calendar. Values handed to everyone."""

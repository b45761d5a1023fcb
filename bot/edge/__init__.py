"""Where the world begins: IMAP, SMTP, the database, files, child processes, the clock."""

"""Bars: the figures that the project measures itself by, each with what shows it here.

Its one rule: a row says where it is shown, and where what is shown is less than the figure asks for, it says so.
`python -m bench.scoreboard` runs them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure: what is counted, what it has to be, and what counts it."""

    number: str
    figure: str
    bar: str
    tests: tuple[str, ...] = ()
    """Tests that hold the bar: files, or files and tests as pytest names them."""
    benches: tuple[str, ...] = ()
    """Benches whose last line holds the figure; they end with another status than 0 where the bar is missed."""
    note: str = ""
    """What is shown here in another way, or less of it, and why."""


BARS = (
    Bar(
        "S1",
        "Hostile and odd mails: crashes, losses, mails without exactly one fate",
        "0",
        (
            "tests/whole/test_corpus.py",
            "tests/mail/test_parse.py",
            "tests/mail/test_fuzz.py",
            "tests/edge/test_corpus.py",
        ),
        ("bench.mutations --count 20000",),
        "The 400 public mails of the corpus go through a real mailbox; mutations are read up to the decision.",
    ),
    Bar(
        "S2",
        "Hostile headers that raise out of our parser",
        "0",
        ("tests/mail/test_parse.py", "tests/mail/test_hostile.py"),
    ),
    Bar(
        "S3",
        "Replies sent to automatic mail",
        "0",
        (
            "tests/automatic/test_absences.py::test_no_absence_notice_is_answered",
            "tests/automatic/test_absences.py::test_an_absence_notice_is_told",
            "tests/whole/test_corpus.py::test_no_bounce_of_the_corpus_is_answered",
            "tests/intake/test_screen.py",
        ),
    ),
    Bar(
        "S4",
        "Mails of people taken for a machine's, of 300 in 12 languages",
        "0",
        ("tests/automatic/test_absences.py::test_nobody_is_taken_for_a_machine",),
    ),
    Bar(
        "S5",
        "Our letters an hour in a loop with a robot that shows no sign of being one",
        "3 or fewer",
        ("tests/automatic/test_loops.py",),
        note="Three besides the letter that the robot began with.",
    ),
    Bar(
        "S6",
        "Letters with all markers, null return path where due, parsed back as planned",
        "100 %",
        ("tests/mail/test_compose.py",),
    ),
    Bar(
        "S7",
        "Injections that gain a header, a recipient or an IMAP command",
        "0",
        (
            "tests/mail/test_compose.py",
            "tests/edge/test_outbox.py::test_a_strange_address_is_dead_and_unsent",
            "tests/edge/test_mailbox_harm.py::test_commands_hold_numbers_and_our_own_names_only",
            "tests/edge/test_templates.py",
        ),
    ),
    Bar("S8", "Forged commands obeyed, of at least 150", "0", ("tests/spoof", "tests/intake/test_verify.py")),
    Bar(
        "S9",
        "Genuine commands refused, of 120 styles of mail programs",
        "1 % or fewer",
        ("tests/mail/test_quotation.py", "tests/spoof/test_attempts.py::test_the_honest_mails_are_obeyed"),
    ),
    Bar(
        "S10",
        "Made-up or altered codes accepted, of a million",
        "0",
        ("tests/mail/test_token.py",),
        ("bench.guesses --count 1000000",),
    ),
    Bar(
        "S11",
        "Hostile Office files: the parent crashes, hangs over 20 s, or needs over 250 MB",
        "0",
        (
            "tests/edge/test_bombs.py",
            "tests/whole/test_bombs.py",
            "tests/whole/test_hostile.py",
            "tests/edge/test_sandbox.py",
        ),
        note="Our own bombs and the corpus's files; the public sets of Office files cannot be had here.",
    ),
    Bar(
        "S12",
        "Files that a reference reader opens and we read, too",
        "97 % or more",
        ("tests/edge/test_corpus.py", "tests/whole/test_corpus.py::test_the_samples_are_read_as_their_truth_says"),
        note="Shown on the shared samples and corpus; the public sets of Office files cannot be had here.",
    ),
    Bar(
        "S13",
        "Files of which we return less text than is there, without a warning",
        "0",
        (
            "tests/intake/test_word.py",
            "tests/intake/test_word_parts.py",
            "tests/intake/test_excel.py",
            "tests/intake/test_samples.py",
        ),
    ),
    Bar(
        "S14",
        "Bombs refused before a reader starts; their worst time and memory",
        "100 %; 0.2 s; 64 MB",
        ("tests/intake/test_prescan.py",),
    ),
    Bar(
        "S15",
        "Payloads that live in the posting, formulas that live in exports",
        "0; 0",
        ("tests/posting/test_site_hostile.py", "tests/posting/test_exports.py"),
    ),
    Bar(
        "S16",
        "kill -9 at all named points and 200 random moments: lost, numbered twice, gaps, letters twice, fates unknown",
        "0",
        ("tests/faults/test_points.py", "tests/faults/test_moments.py"),
        ("bench.kills --times 200", "bench.kills --times 200 --postgres"),
    ),
    Bar(
        "S17",
        "A hundred swallowed answers after the final dot: copies, share of them with the same id, lost",
        "100 at most; 100 %; 0",
        ("tests/faults/test_smtp.py::test_a_hundred_swallowed_answers_make_a_hundred_copies_at_most",),
    ),
    Bar(
        "S18",
        "The same mail ten times, the mailbox fed again, UIDVALIDITY reset: CRs and acknowledgements too many",
        "0",
        ("tests/whole/test_fates.py", "tests/spoof/test_replays.py::test_the_same_bytes_ten_times"),
        ("bench.refeed",),
    ),
    Bar(
        "S19",
        "Several workers and a leader that was paused: effects doubled",
        "0",
        ("tests/workers",),
        ("bench.workers --mails 300 --workers",),
        "Two to four workers; `python -m bench.workers` has 2,000 mails and takes half an hour.",
    ),
    Bar(
        "S20",
        "Numbers taken by many writers at once",
        "unique, dense",
        ("tests/edge/test_numbers.py",),
        ("bench.numbers",),
        "256 writers, 20 each; with `--each 1000` as many as the bar asks for, for an hour.",
    ),
    Bar(
        "S21",
        "No room, or an error, at every write of one CR's life: states corrupted, mails lost",
        "0; 0",
        (
            "tests/faults/test_writes.py",
            "tests/faults/test_power.py",
            "tests/whole/test_outages.py::test_the_disk_of_the_store_is_full",
        ),
        ("bench.writes",),
    ),
    Bar(
        "S22",
        "IMAP cut and 40 scripts of hostile servers: hangs over 60 s, busy loops, passwords told",
        "0",
        ("tests/edge/test_mailbox_harm.py", "tests/faults/test_imap.py"),
        ("bench.cuts",),
    ),
    Bar(
        "S23",
        "TLS with a bad certificate, stripped, or injected into: credentials sent",
        "0",
        (
            "tests/edge/test_mailbox_tls.py",
            "tests/edge/test_outbox.py::test_a_certificate_for_another_name_is_refused",
            "tests/edge/test_outbox.py::test_stripped_encryption_sends_nothing",
        ),
    ),
    Bar(
        "S24",
        "Reminders over three years and ten zones with clocks that jump: missed, doubled",
        "0; 0",
        ("tests/daemon/test_reminders.py",),
    ),
    Bar(
        "S25",
        "Readers during 200 publishes and 30 kills: pages torn, pages missing; a rebuild's bytes",
        "0; 0; equal",
        ("tests/whole/test_readers.py", "tests/daemon/test_publish.py"),
        note="200 publishes and 30 kills instead of 500 and 50.",
    ),
    Bar(
        "S26",
        "Backup under load, then restore: CRs lost, numbers given twice, seconds for 10,000 CRs",
        "0; 0; under 30 s",
        ("tests/whole/test_restore.py",),
        ("bench.custody 10000",),
    ),
    Bar(
        "S27",
        "SIGTERM at 200 moments: ends over 10 s, orphans, other exit codes",
        "0",
        ("tests/whole/test_stop.py", "tests/faults/test_moments.py::test_stops_at_random_moments_are_in_time"),
        ("bench.kills --times 200 --stop",),
    ),
    Bar(
        "S28",
        "From a mail's arrival to its acknowledgement: half of them, and 95 of 100",
        "under 2 s; under 5 s",
        (),
        ("bench.latency --mails 50 --idle 30",),
    ),
    Bar(
        "S29",
        "Canary secrets, addresses and bodies found in logs and artefacts",
        "0",
        ("tests/whole/test_log.py", "tests/watch/test_canaries.py"),
    ),
    Bar(
        "S30",
        "systemd's exposure of the unit",
        "1.5 or lower",
        ("tests/packaging/test_systemd.py::test_the_unit_exposes_little",),
    ),
    Bar(
        "S31",
        "Branch coverage of deciding, authorising, numbering and sending; mutants killed there",
        "100 %; 90 %",
        (),
        ("bench.mutants",),
    ),
)

"""Given: the names that a template may speak of, by its folder, besides the environment's own.

Its one rule: it holds each name that a shipped template speaks of and no other; so a name that an altered template
misspells is found before a letter or a page needs it.
"""


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


GIVEN = {
    "mail": _names(
        """
        added advised agenda along another answered answers args arrived asked attached attendees awaited
        back before by change changed choices claimed code codes comes corrected counts crpm deadlines
        director draft draft_due drafter dry due enclosed facts failures field files fingerprint first
        further goes_on groups heard how in_place_of intake item joined kept kind known late line link
        lookalike mail mailed mailed_on meet_by meeting more most move_to name_by notes notice now nth
        number of offered on options_by ordered others over own papers paused person planned posted proof
        proven publish reason refused remedy reply report response_due results revised revision said since
        standing starts state subject submission testing text to to_whom too_large total tries typed undo
        until verbs vouched was what who why work written you yours
        """
    ),
    "site": _names(
        """
        ages ahead blanks calendar charts choice closes columns companies contacts count cr crs csv curve cutoff
        due each feed feeds files flags here holidays intervals key late leads line lines mailed meeting
        meetings minutes missing month months more_news moves news noticed opens outcomes parts path phases
        picture posting promised reactions report roles root rows shown since stage starts states steps
        style style_hash submitted table title today total until verbs volumes without year years
        """
    ),
    "tray": _names(
        """
        letter letters posting
        """
    ),
}
"""What letters, pages and the demo's tray are given."""
EVERYWHERE = frozenset({"caller", "kwargs", "self", "super", "varargs"})
"""What the engine itself gives."""

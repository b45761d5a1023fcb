"""Talk: comments, notes, questions, action items and followers.

Its one rule: prose is posted only where somebody says COMMENT.
"""

from dataclasses import replace

from bot.intake.arguments.dates import in_words
from bot.mail.letter import Kind
from bot.workflow.carry.words import us
from bot.workflow.case import Case
from bot.workflow.change import ActionItem, ChangeRequest
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision, Effect, Fate, Meet, Open
from bot.workflow.mailing import NO_FILES
from bot.workflow.party import in_charge, spokesman


def comment(case: Case) -> Decision:
    """A public history row, in the words for whoever wrote it; whoever runs the CR is told."""
    action = "Additional Information" if case.person else "CLEC Provided Information"
    return case.done((case.says(case.args.text, action),), _to_who_runs_it(case))


def note(case: Case) -> Decision:
    """An internal row; nobody is told, and nothing is posted."""
    return case.done((case.says(case.args.text, public=False),))


def ask(case: Case) -> Decision:
    """A question to the originator; the question itself stays inside. Whoever asks gets the answer."""
    letters = case.to_originator(Kind.QUESTION) if spokesman(case.change, case.office).email else []
    if not letters:
        return case.refuse("There is no address of the originator to ask. Please write to the company yourself.")
    asked_by = tuple(dict.fromkeys((*case.change.asked_by, case.by)))
    rows = (case.says("The originator was asked a question"), case.says(f"Asked: {case.args.text}", public=False))
    return case.done(rows, letters, replace(case.change, asked_by=asked_by))


def add_action(case: Case) -> Decision:
    """Somebody of the staff is to do something by a date; they are told."""
    (person,), due = case.args.people, case.args.on or case.today
    if due < case.today:
        return case.refuse(f"{in_words(due)} is over. By when is it to be done?")
    item = ActionItem(max((each.n for each in case.change.actions), default=0) + 1, person.id, due, case.args.text)
    change = replace(case.change, actions=(*case.change.actions, item))
    row = case.says(f"Action item {item.n}, {person.name}, by {us(due)}: {item.text}")
    context: dict[str, object] = {"item": item, "person": person}
    letters: list[Effect] = [
        case.letter(Kind.ACTION_ITEM, each.address, context, change=change)
        for each in case.office.reached((person,))
        if each is not case.person
    ]
    said = f"Action item {item.n} for {person.name}, by {in_words(due)}. When it is done: DONE {item.n}"
    return replace(case.done((row,), (*_next_item(case, change), *letters), change), answer=(said,))


def end_action(case: Case) -> Decision:
    """An action item is done."""
    items = {item.n: item for item in case.change.actions}
    item = items.get(case.args.n)
    if item is None or item.done_on:
        waiting = ", ".join(str(each.n) for each in items.values() if each.done_on is None)
        when = f"was done on {us(item.done_on)}" if item and item.done_on else "is not there"
        return case.refuse(f"Action item {case.args.n} {when}. {f'Open: {waiting}.' if waiting else 'None is open.'}")
    done = replace(item, done_on=case.today)
    change = replace(case.change, actions=tuple(done if each is item else each for each in items.values()))
    row = case.says(f"Action item {item.n} is done: {item.text}", "Record Update")
    return case.done((row,), _next_item(case, change), change)


def _next_item(case: Case, change: ChangeRequest) -> list[Effect]:
    """The clock of the action items runs for the one that is due next."""
    was, now = (
        min((item.due for item in each.actions if item.done_on is None), default=None) for each in (case.before, change)
    )
    if was == now:
        return []
    ended: list[Effect] = [Meet(DeadlineKind.ACT, case.happened())] if was and (now is None or now > was) else []
    return [*ended, Open(Deadline(DeadlineKind.ACT, now))] if now else ended


def follow(case: Case) -> Decision:
    """The sender gets the notices of this CR from now on."""
    me = case.order.standing.sender
    if me is None or any(each.email == me.email for each in case.change.followers):
        return _nothing(case, f"You follow {case.change.number} already. UNFOLLOW ends it.")
    change = replace(case.change, followers=(*case.change.followers, me))
    row = case.says(f"{case.actor} follows it", "Additional Information", public=False)
    said = f"You get the notices of {change.number} from now on, at {me.email}. UNFOLLOW or STOP ends it."
    return replace(case.done((row,), (), change), answer=(said,))


def unfollow(case: Case) -> Decision:
    """The sender gets the notices of this CR no longer, unless they get them for another reason, which
    is said."""
    me = case.order.standing.sender
    email = me.email if me else ""
    others = tuple(each for each in case.change.followers if each.email != email)
    why = _why_told(case, email)
    if others == case.change.followers:
        return _nothing(case, f"You do not follow {case.change.number}, so nothing had to be ended.", *why)
    row = case.says(f"{case.actor} follows it no longer", "Additional Information", public=False)
    said = f"You get no more notices of {case.change.number} as a follower. FOLLOW begins it again."
    return replace(case.done((row,), (), replace(case.change, followers=others)), answer=(said, *why))


def _to_who_runs_it(case: Case) -> list[Effect]:
    """The letter about words of somebody's."""
    context: dict[str, object] = {
        "text": case.args.text,
        "standing": case.order.standing,
        "posted": True,
        "answers": False,
        "awaited": "",
        "publish": "",
    } | NO_FILES
    return case.with_files(case.to_party(in_charge(case.change, case.office), Kind.COMMENT, context))


def _nothing(case: Case, *said: str) -> Decision:
    """Everything is as it was asked to be."""
    return Decision(Fate.OBEYED, f"{case.row.verb}: {case.before.number}", case.before, answer=said)


def _why_told(case: Case, email: str) -> tuple[str, ...]:
    """Why somebody goes on getting letters about a CR."""
    if email == case.change.originator.email:
        return ("You are its originator, and get what is asked of you about it.",)
    if any(each.email == email for each in case.office.distribution()):
        return (
            "Your address is on the distribution list, which gets the notices to all CLECs. The CMP Manager "
            "can take it off.",
        )
    if case.person:
        return ("What you are asked to do about it as one of the staff still reaches you.",)
    return ()

"""What a visitor reads while a game waits: whose move it is. Runs on the page."""


def turn(play, seats):
    """Return whose move it is, in a few words.

    Args:
        play: the ``PlayState`` of a game that waits.
        seats: of the game.
    """
    if play.agent is None:
        return "Your move"
    people = [seat.agent for seat in seats if seat.kind == "human"]
    if play.agent not in people:
        return str(play.agent) + " moves"
    return "Your move" if len(people) == 1 else str(play.agent) + ": your move"


def refusal(play):
    """Return what the visitor asked for in vain, None if it is nothing."""
    control = play.refused
    if control is None:
        return None
    return (control.label or "+".join(control.keys)) + " is not allowed now"

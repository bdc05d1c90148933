"""The best and the last score of a visit."""

from app import scores


def test_each_environment_has_its_own_best_and_last() -> None:
    kept = scores.Scores()
    assert (kept.best("Taxi"), kept.last("Taxi")) == (None, None)
    assert not kept.add("Taxi", -200), "the first is no record"
    assert kept.add("Taxi", 8)
    assert not kept.add("Taxi", -3)
    kept.add("CartPole", 500)
    assert (kept.best("Taxi"), kept.last("Taxi")) == (8, -3)


def test_scores_by_agent_count_by_their_sum_and_nan_is_never_the_best() -> None:
    kept = scores.Scores()
    kept.add("Duet", {"teal": 1, "amber": 1})
    assert kept.add("Duet", {"teal": 0, "amber": 3})
    assert not kept.add("Duet", {"teal": float("nan"), "amber": 3})
    assert kept.best("Duet") == {"teal": 0, "amber": 3}
    nothing = scores.Scores()
    nothing.add("Odd", float("nan"))
    assert not nothing.add("Odd", 5)
    assert nothing.best("Odd") == 5

"""Source texts of environments for the protocol's tests."""

COUNTER = """
class Counter:
    '''Counts its steps; what it returns shows what it was given.'''

    def __init__(self):
        self.steps = 0

    def reset(self, *, seed=None, options=None):
        self.steps = 0
        return {"seed": seed}, {"options": options}

    def step(self, action):
        self.steps += 1
        return [self.steps, action], 0.5, False, self.steps >= 3, {}

    def render(self):
        return f"step {self.steps}"


env = Counter()
"""

BROKEN = """
class Broken:
    def reset(self, *, seed=None, options=None):
        raise KeyError("no reset")

    def step(self, action):
        if action == "exit":
            raise SystemExit(3)
        if action == "interrupt":
            raise KeyboardInterrupt
        return self._fall(action)

    def _fall(self, action):
        try:
            return {}[action]
        except KeyError as error:
            raise RuntimeError("the cart fell off") from error

    def render(self):
        raise OSError("no display")

    def close(self):
        raise ValueError("will not close")


env = Broken()
"""

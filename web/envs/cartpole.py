"""CartPole: keep a pole upright on a cart that is pushed left (0) or right (1)."""

import gymnasium

env = gymnasium.make("CartPole-v1")

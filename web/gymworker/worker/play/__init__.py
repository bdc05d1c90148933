"""Games: the environment at its own pace, steered by keys and policies, recorded and replayed."""

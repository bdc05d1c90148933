"""The worker's side: the host, its environment and its channels to the page."""

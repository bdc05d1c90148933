"""The page's side: the client, its requests and its channel to the worker."""

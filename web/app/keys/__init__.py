"""What the visitor steers with, apart from the document. Runs on the page."""

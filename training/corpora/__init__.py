"""One reader for each corpus: its files to `Passage`s with the pipeline's labels."""

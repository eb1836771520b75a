"""One reading of a source as a job: asked for, fetched, compared, held, ended, watched."""

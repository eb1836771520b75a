"""What a WSGI server imports: `wsgi:app`."""

import os

from academy import create_app
from academy.logs import write_logs

app = create_app()
if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
    # Commands speak to a person; a server of requests writes logs.
    write_logs(app.config["SETTINGS"])

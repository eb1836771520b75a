"""What a WSGI server imports: `wsgi:app`."""

from academy import create_app

app = create_app()

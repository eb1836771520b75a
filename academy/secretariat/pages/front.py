"""The front page of the stewards' desk: what waits for them."""

from __future__ import annotations

from flask import render_template

from academy.access import section_steward
from academy.secretariat.pages.frame import bp, open_links


@bp.get("")
@section_steward
def front() -> str:
    """List what waits, each with the page where it is done."""
    counted = [(link, link.waiting()) for link in open_links() if link.waiting is not None]
    tasks = [
        {**link.shown(), "waiting": number, "told": link.told(number) if link.told else ""}
        for link, number in counted
        if number
    ]
    return render_template("secretariat/front.html", tasks=tasks)

import time
from academy.institutions.models import MemberRole
from academy import db as adb
from tests.staff import make_member
from tests.uploading import Editor, as_csv, row
def test_it(app, monkeypatch):
    editor = Editor(app, make_member(MemberRole.EDITOR))
    import courses.web.desk.uploads as u
    real = u.operations.check
    def timed(*a, **k):
        t=time.perf_counter(); out=real(*a, **k); print("IN UNIT", round(time.perf_counter()-t,2)); return out
    monkeypatch.setattr(u.operations, "check", timed)
    t=time.perf_counter()
    where = editor.look(as_csv([row(n) for n in range(2000)]))
    print("upload", round(time.perf_counter()-t,2))

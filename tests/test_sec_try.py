from tests.making import *
from tests.visiting import Visitor
from tests.staff import make_member
from academy.accounts.models import Steward
from academy.institutions.models import MemberRole
def test_x(app):
    o = make_member(MemberRole.OWNER)
    v = Visitor(app, o)
    P="/en/institutions/river-school/desk/people"
    print(v.page(P))
    r=v.post(P+"/invitations", email="bob@example.org", role="editor"); print(r.status_code)
    r=v.post(P+"/invitations", email="bob", role="edito"); print(r.status_code)
    print(v.page(P).split("<main")[1])
    print(v.page("/en/my/work?q=river").split("<main")[1])
    print(Visitor(app).get("/en/secretariat").status_code)
    assert 0

"""Addresses that must not be asked, in all the ways in which they can be written."""

from __future__ import annotations

from ipaddress import IPv4Address

from hypothesis import strategies as st

from academy.outbound.ranges import NOT_PUBLIC_4

FORBIDDEN = (
    *("127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("0.0.0.0", "0.1.2.3", "100.64.0.1", "100.100.100.200", "169.254.169.254", "192.0.0.192"),
    *("192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
    *("239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *("::", "::1", "::7f00:1", "::ffff:7f00:1", "::ffff:a9fe:a9fe", "::ffff:6440:1"),
    *("::ffff:808:808", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1"),
    *("2001::1", "2001:0:53aa:64c:0:fb24:80ff:fffe", "2001:db8::1", "2002:7f00:1::", "2001:10::1"),
    *("2002:a9fe:a9fe::", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1"),
    *("ff02::1", "ff0e::1"),
)
"""Internet addresses in their one spelling."""

ODD = (
    *("127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0x7f.0x0.0x0.0x1", "0177.0.0.1"),
    *("017700000001", "127.0.0.01", "127.0.0.1.", "127.0.0.0x1", "0", "0x", "1.1.1.256", "1.1.1"),
    *("127。0。0。1", "１２７．０．０．１", "①②⑦.⓪.⓪.①", "⑯⑨.254.169.254"),
    *("[::1%25lo]", "[::1%lo]", "[fe80::1%eth0]", "[127.0.0.1]", "[::1", "::1", "[v1.fe80]", "[]"),
    *("localhost", "LOCALHOST", "localhost.", "ｌｏｃａｌｈｏｓｔ", "router", "example.org."),
    *("%31%32%37.0.0.1", "127%2e0.0.1", "example.org%00.x.org", "user@127.0.0.1", ":@localhost"),
    *("example.org:1@127.0.0.1", "example.org\\@127.0.0.1", "127.0.0.1:22", "example.org:22"),
    *("example.org:0", "example.org:65536", "example.org:080", "example.org:", "example.org:８０"),
    *(
        "exa mple.org",
        "example.org\t",
        "\r\nexample.org",
        "-a.org",
        "a..org",
        ".org",
        "",
    ),
)
"""What stands between the scheme and the path."""

INSIDE = (
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]"),
    *("[64:ff9b::10.0.0.1]", "[0000:0000:0000:0000:0000:FFFF:A9FE:A9FE]"),
)
"""What is read as a number of version 6, and must not be asked."""

NOT_WEB = (
    *("ftp://example.org/", "file:///etc/passwd", "gopher://127.0.0.1:25/_HELO", "javascript:1"),
    *("data:text/html,x", "ldap://127.0.0.1", "dict://127.0.0.1:11211/stats", "jar:http://x.org!/"),
    *("http:/127.0.0.1", "http:127.0.0.1", "http:", "http://", "https:///", "//127.0.0.1", "x"),
    *(
        "",
        " http://example.org",
        "http://example.org/\n",
        "http://example.org/\x00",
        "HTTP ://x.org",
    ),
)

private = st.sampled_from(NOT_PUBLIC_4).flatmap(
    lambda network: st.integers(int(network[0]), int(network[-1])).map(IPv4Address)
)
"""Any address of version 4 that is not public."""

DIGITS = ("0123456789", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "⓪①②③④⑤⑥⑦⑧⑨")
DOTS = (".", "。", "．", "｡")


@st.composite
def spelled(draw: st.DrawFn) -> str:
    """Write any such address in any way that some program understands."""
    found = draw(private)
    number = int(found)
    carried = (
        f"[::ffff:{found}]",
        f"[::{found}]",
        f"[64:ff9b::{found}]",
        f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::]",
    )
    kind = draw(st.sampled_from(("parts", "carried", "plain")))
    if kind == "carried":
        return draw(st.sampled_from(carried))
    text = str(found) if kind == "plain" else draw(_parts(number))
    digits, dot = draw(st.sampled_from(DIGITS)), draw(st.sampled_from(DOTS))
    written = text.translate(str.maketrans("0123456789.", digits + dot))
    return written + draw(st.sampled_from(("", ".", ":80", ":443")))


@st.composite
def _parts(draw: st.DrawFn, number: int) -> str:
    """Write one to four parts, each decimal, octal or hexadecimal, as inet_aton reads them."""
    count = draw(st.integers(1, 4))
    last = 8 * (5 - count)
    values = [number >> shift & 255 for shift in (24, 16, 8)[: count - 1]]
    values.append(number & (1 << last) - 1)
    forms = st.sampled_from(("{}", "0{:o}", "0x{:x}", "0x{:08X}"))
    return ".".join(draw(forms).format(value) for value in values)

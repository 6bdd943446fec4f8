"""Texts that somebody sends to have them taken for something else: tables, from what they are to what is sent."""

BREAKING = {
    "a line": "x\r\nX-Evil: 1",
    "a line feed": "x\nX-Evil: 1",
    "a carriage return": "x\rX-Evil: 1",
    "NUL": "x\0X-Evil: 1",
    "the next line of Unicode": "x\u0085X-Evil: 1",
    "a line of Unicode": "x\u2028X-Evil: 1",
    "two lines that look like others": "x\u560d\u560aX-Evil: 1",
    "quotes": '"; filename="evil.exe',
    "encoded": "x%0d%0aX-Evil:%201",
}
"""What would begin a line of its own: in a header, in a log."""

LEADING_OUT = {
    "above": "../../outside/secret.txt",
    "backslashes": "..\\..\\outside\\secret.txt",
    "encoded": "%2e%2e%2f%2e%2e%2foutside%2fsecret.txt",
    "NUL": "photos\0/../../outside",
    "absolute": "/etc/passwd",
    "of this process": "/proc/self/environ",
    "a link": "link/secret.txt",
    "a link to the root": "everything/etc/passwd",
    "a long name": "a" * 256,
    "not UTF-8": "caf\udce9",
}
"""What would lead elsewhere where it became a path; ``link`` and ``everything`` are links in the folder."""

INSIDE = {
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "metadata by name": "http://metadata.google.internal/",
    "loopback as a number": "http://2130706433:{port}/",
    "loopback by name": "http://localhost:{port}/",
    "loopback within IPv6": "http://[::ffff:127.0.0.1]:{port}/",
    "nowhere": "http://0.0.0.0:{port}/",
    "a name that leads inside": "http://inside.example:{port}/",
    "a file": "file:///etc/passwd",
}
"""Addresses that lead inside, one of each sort of spelling: ``{port}`` is that of a listener at this machine."""

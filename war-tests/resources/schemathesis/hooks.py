from urllib.parse import unquote

import schemathesis


@schemathesis.hook
def filter_case(context, case):
    """Leaves out control characters in paths: the HTTP server refuses them before the service sees them."""
    path = unquote("".join(str(value) for value in (case.path_parameters or {}).values()))
    return not any(ord(character) < 0x20 or ord(character) == 0x7F for character in path)

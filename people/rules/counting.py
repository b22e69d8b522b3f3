"""Of what comes in floods a line is written at the first time, the tenth, the hundredth, and so on."""


def is_told(times: int) -> bool:
    """Tell whether the *times*-th of one kind in a quarter of an hour gets a line."""
    return times > 0 and str(times).rstrip("0") == "1"

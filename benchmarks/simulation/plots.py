"""Small charts as SVG, made by hand: two curves, or two rows of bars, one for each floor."""

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, EDGE = 640, 240, 48
COLOURS = {"ordinary": "#b45309", "respite": "#0f766e", "advised": "#1d4ed8"}
Series = Mapping[str, Sequence[float]]


def page(charts: Sequence[str]) -> str:
    """Return charts below each other as one SVG."""
    height = HEIGHT * len(charts)
    rows = "".join(f'<g transform="translate(0 {HEIGHT * n})">{chart}</g>' for n, chart in enumerate(charts))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="12">'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>{rows}</svg>\n'
    )


def curves(title: str, series: Series, *, across: str, up: str) -> str:
    """Return one curve for each floor, from the first to the last of its values."""
    most = max((max(values, default=0) for values in series.values()), default=0) or 1
    lines = "".join(
        f'<polyline fill="none" stroke="{COLOURS[name]}" stroke-width="2" points="{_points(values, most)}"/>'
        for name, values in series.items()
    )
    return _frame(title, across, up, most) + lines + _key(series)


def bars(title: str, groups: Mapping[str, Mapping[str, float]], *, up: str) -> str:
    """Return a group of bars for each name, one bar for each floor."""
    most = (
        1.2 * max((max(each.values()) for each in groups.values()), default=0) or 1
    )  # room for the figures above
    room = (WIDTH - 2 * EDGE) / max(len(groups), 1)
    drawn = "".join(
        _group(name, each, most, left=EDGE + number * room, room=room)
        for number, (name, each) in enumerate(groups.items())
    )
    return _frame(title, "", up, most) + drawn + _key(COLOURS)


def _group(name: str, each: Mapping[str, float], most: float, *, left: float, room: float) -> str:
    wide = room / (len(each) + 1)
    drawn = ""
    for number, (floor, value) in enumerate(each.items()):
        x, y = left + wide * (number + 0.5), _y(value, most)
        drawn += (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide * 0.9:.1f}" height="{HEIGHT - EDGE - y:.1f}"'
            f' fill="{COLOURS[floor]}"><title>{escape(name)}, {floor}: {value:g}</title></rect>'
            f'<text x="{x + wide * 0.45:.1f}" y="{y - 4:.1f}" text-anchor="middle" font-size="10">{value:g}</text>'
        )
    middle = left + room / 2
    return (
        drawn + f'<text x="{middle:.1f}" y="{HEIGHT - EDGE + 16}" text-anchor="middle">{escape(name)}</text>'
    )


def _points(values: Sequence[float], most: float) -> str:
    step = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    return " ".join(
        f"{EDGE + number * step:.1f},{_y(value, most):.1f}" for number, value in enumerate(values)
    )


def _y(value: float, most: float) -> float:
    return HEIGHT - EDGE - value / most * (HEIGHT - 2 * EDGE)


def _frame(title: str, across: str, up: str, most: float) -> str:
    base = HEIGHT - EDGE
    return (
        f'<text x="{EDGE}" y="20" font-size="14" font-weight="bold">{escape(title)}</text>'
        f'<path d="M{EDGE} {EDGE}V{base}H{WIDTH - EDGE}" fill="none" stroke="#78716c"/>'
        f'<text x="{EDGE - 6}" y="{EDGE + 4}" text-anchor="end">{most:.4g}</text>'
        f'<text x="{EDGE - 6}" y="{base}" text-anchor="end">0</text>'
        f'<text x="{EDGE}" y="{EDGE - 8}">{escape(up)}</text>'
        f'<text x="{WIDTH - EDGE}" y="{base + 32}" text-anchor="end">{escape(across)}</text>'
    )


def _key(floors: Mapping[str, object]) -> str:
    return "".join(
        f'<text x="{WIDTH - EDGE - 90 * number}" y="20" text-anchor="end" fill="{COLOURS[name]}">{name}</text>'
        for number, name in enumerate(floors)
    )

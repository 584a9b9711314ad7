"""The table by second as a picture: who answered reads, how long they took, what was stale, and what replicas suffered."""
import html

from judge import PROMISES

LEFT, STEP, TALL, BAR = 90, 14, 220, 16    # pixels
COLOURS = {1: "#8c6bb1", 2: "#41ab5d", 3: "#4292c6"}
SHADES = dict(zip(PROMISES, ("#f4f4f4", "#eaf3ea", "#eaeef7")))


def text(x, y, what, **options):
    more = " ".join(f'{name}="{value}"' for name, value in options.items())
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{html.escape(str(what))}</text>'


def box(x, y, width, height, colour, title=""):
    return (f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}">'
            f'<title>{html.escape(title)}</title></rect>')


def columns(rows, top):
    """Reads of each second, by server; stale ones in red over them; the background says the mode."""
    most = max((sum(servers) for _, _, servers, *_ in rows), default=0) or 1
    drawn = [text(4, top + 10, f"{most} reads/s")]
    for second, mode, servers, _, stale, failures, _, _ in rows:
        x, y = LEFT + second * STEP, top + TALL
        drawn.append(box(x, top, STEP, TALL, SHADES.get(mode.split("/")[0], "#ffffff"), mode))
        for number, count in enumerate(servers, 1):
            height = TALL * count / most
            y -= height
            drawn.append(box(x + 1, y, STEP - 2, height, COLOURS[number], f"second {second}: {count} reads by db{number}"))
        if stale:
            height = max(2, TALL * stale / most)
            drawn.append(box(x + 4, top + TALL - height, STEP - 8, height, "#cb181d", f"{stale} stale"))
        if failures:
            drawn.append(text(x + 2, top - 2, "x", fill="#cb181d"))
    return drawn


def latencies(rows, top):
    """p99 of each second's reads as a line."""
    known = [(second, p99) for second, _, _, _, _, _, p99, _ in rows if p99 is not None]
    most = max((p99 for _, p99 in known), default=0) or 1
    points = " ".join(f"{LEFT + (second + 0.5) * STEP:.1f},{top + 80 * (1 - p99 / most):.1f}" for second, p99 in known)
    return [text(4, top + 10, "p99"), text(4, top + 24, f"{most:.0f} ms"),
            f'<polyline points="{points}" fill="none" stroke="#333333"/>']


def bars(faults, at, top, seconds):
    """A line a replica: from when to when it was not well."""
    drawn = []
    for place, server in enumerate((2, 3)):
        y = top + place * (BAR + 4)
        drawn.append(text(4, y + 12, f"db{server}", fill=COLOURS[server]))
        for each in faults:
            if each.server == server:
                begin, end = at(each.began), seconds if each.ended is None else at(each.ended)
                drawn.append(box(LEFT + begin * STEP, y, max(2, (end - begin) * STEP), BAR, "#fd8d3c", each.name))
    return drawn


def picture(rows, faults, at, title):
    """An SVG document. `rows`: of report.by_second; `at`: from a fault's time to seconds of the run."""
    width, top = LEFT + STEP * (len(rows) + 1), 50
    below = top + TALL + 20
    drawn = [text(4, 18, title, **{"font-weight": "bold"})]
    for place, (server, colour) in enumerate(COLOURS.items()):
        drawn.append(text(LEFT + 60 * place, 34, f"db{server}", fill=colour))
    drawn += [text(LEFT + 180, 34, "stale", fill="#cb181d"), text(LEFT + 240, 34, "x: error", fill="#cb181d")]
    for place, (mode, shade) in enumerate(SHADES.items()):
        drawn += [box(LEFT + 310 + 70 * place, 24, 62, 14, shade), text(LEFT + 314 + 70 * place, 34, mode)]
    drawn += [*columns(rows, top), *latencies(rows, below)]
    drawn += bars(faults, at, below + 100, len(rows))
    for second in range(0, len(rows), 5):
        drawn.append(text(LEFT + second * STEP, top + TALL + 12, second, **{"font-size": 9}))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{max(width, 620)}" height="{below + 150}" font-family="sans-serif" '
            f'font-size="11">\n<rect width="100%" height="100%" fill="#ffffff"/>\n' + "\n".join(drawn) + "\n</svg>\n")

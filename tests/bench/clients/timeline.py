"""The table and the picture of a run of many clients: what they saw in each second, and what the proxy had and used."""


def as_markdown(results):
    options, rows = results['options'], results['rows']
    calm = [row for row in rows if not storms(options, row) and row['clients'] == options['count']]
    lines = [f'{options["count"]} clients on {results["flavor"]}, a statement each {options["period"] / 1000:g} s, '
             f'`limits.backends_per_server: {options["backends"]}`, one worker.', '']
    lines += summary(results, calm)
    lines += ['', '| second | clients | statements | p50 / p99 / max ms | logins | p50 / p99 / max ms | connections to servers | '
              'waiting | CPU % | MiB |', '|' + '---:|' * 10]
    for row in rows:
        if row['second'] % 5 == 0 or storms(options, row):
            lines.append('| ' + ' | '.join(cells(row)) + ' |')
    return '\n'.join(lines) + '\n'


def storms(options, row):
    return options['storm_begin'] < row['second'] <= options['storm_begin'] + options['storm_seconds'] + 1


def summary(results, calm):
    options, rows = results['options'], results['rows']
    stormy = [row for row in rows if storms(options, row)]
    lines = [f'- failures: {rows[-1]["failures"]}; connections made to servers in all: {rows[-1]["connects"]}; '
             f'most at one server at once: {max(max(row["connections"]) for row in rows)}']
    if calm:
        statements = sum(row['statements'] for row in calm)
        grown = max(row['resident'] for row in calm) - results['resident_before']
        lines += [f'- without a storm: {statements / len(calm):.0f} statements/s, '
                  f'{sum(row["cpu_used"] for row in calm) / statements * 1e6:.1f} us of CPU each, '
                  f'p99 {max(row["statements_p99"] for row in calm):.1f} ms in the worst second; '
                  f'{grown / options["count"] / 1024:.1f} KiB of memory per client']
    if stormy:
        lines += [f'- in the storm: at most {max(row["logins"] for row in stormy)} logins/s, '
                  f'p99 {max(row["logins_p99"] for row in stormy):.0f} ms; {min(row["statements"] for row in stormy)} '
                  f'statements/s or more, p99 {max(row["statements_p99"] for row in stormy):.0f} ms in the worst second']
    return lines


def cells(row):
    def times(name):
        return ' / '.join(f'{row[f"{name}_{part}"]:.1f}' for part in ('p50', 'p99', 'max')) if row[name] else '-'
    return [str(row['second']), str(row['clients']), str(row['statements']), times('statements'), str(row['logins']), times('logins'),
            ' '.join(map(str, row['connections'])), str(row['waiting']), f'{row["cpu_used"] * 100:.0f}',
            f'{row["resident"] / (1 << 20):.0f}']


def draw(results, path):
    """Panels below each other with one axis of seconds."""
    import matplotlib
    matplotlib.use('svg')
    from matplotlib import pyplot

    rows = results['rows']
    panels = {
        'clients': {'logged in': [row['clients'] for row in rows]},
        'connections\nto servers': {f'db{n + 1}': [row['connections'][n] for row in rows] for n in range(3)},
        'per second': {name: [row[name] for row in rows] for name in ('statements', 'logins')},
        'p99 in ms': {name: [row[f'{name}_p99'] for row in rows] for name in ('statements', 'logins')},
        'CPU in %': {'weir-proxy': [row['cpu_used'] * 100 for row in rows]},
        'MiB': {'weir-proxy': [row['resident'] / (1 << 20) for row in rows]}}
    figure, places = pyplot.subplots(len(panels), 1, figsize=(10, 12), sharex=True, layout='constrained')
    for axes, (title, lines) in zip(places, panels.items()):
        for name, values in lines.items():
            axes.plot([row['second'] for row in rows], values, label=name, linewidth=1)
        axes.set_ylabel(title)
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
        axes.legend(loc='upper left', fontsize='small')
    places[-1].set_xlabel('seconds')
    figure.savefig(path)
    pyplot.close(figure)

"""The tables and the picture of a run. Ratios are taken within each round, then their median: what slowed a round down
slowed both of its sides."""

import statistics

PROXIES = ('floor', 'haproxy', 'weir-proxy')
CPU_TARGET, BULK_TARGET, GROWTH_TARGET, HEAP_TARGET = 1.10, 1.2, 8 << 20, 4096


def median(rounds, field):
    return statistics.median(one[field] for one in rounds)


def median_ratio(rounds, others, field):
    return statistics.median(one[field] / other[field] for one, other in zip(rounds, others))


def added_us(rounds, direct, percent):
    return statistics.median(one['ms'][percent] - other['ms'][percent] for one, other in zip(rounds, direct)) * 1000


def table(head, rows):
    lines = [head, ['---'] + ['---:'] * (len(head) - 1), *rows]
    return ''.join('| ' + ' | '.join(line) + ' |\n' for line in lines)


def cpu_table(queries):
    rows = []
    for case, found in queries.items():
        weir = found['weir-proxy']
        connections = int(case.rsplit(' ', 1)[1])
        rows.append([case, *(f'{median(found[name], "cpu_us"):.2f}' for name in PROXIES),
                     f'{median_ratio(weir, found["floor"], "cpu_us"):.2f}',
                     f'{median_ratio(weir, found["haproxy"], "cpu_us"):.2f}',
                     f'{CPU_TARGET:.2f}' if connections >= 8 else '-'])
    return table(['load, connections', 'floor', 'HAProxy', 'weir-proxy', 'weir-proxy : floor', 'weir-proxy : HAProxy', 'at most'],
                 rows)


def latency_table(queries):
    rows = []
    for case, found in queries.items():
        cells = [case, ' / '.join(f'{statistics.median(one["ms"][p] for one in found["direct"]) * 1000:.0f}' for p in (50, 95, 99))]
        cells += [' / '.join(f'{added_us(found[name], found["direct"], p):+.0f}' for p in (50, 95, 99)) for name in PROXIES]
        rows.append(cells)
    return table(['load, connections', 'direct', 'floor adds', 'HAProxy adds', 'weir-proxy adds'], rows)


def throughput_table(results):
    return table(['load, connections', 'direct', *PROXIES],
                 [[case, *(f'{median(found[name], "queries") / results["seconds"]:.0f}' for name in ('direct', *PROXIES))]
                  for case, found in results['queries'].items()])


def bulk_table(bulk):
    ratio = {name: median_ratio(bulk[name], bulk['floor'], 'ns_per_byte') for name in PROXIES}
    return table(['', *PROXIES, 'at most (weir-proxy)'], [
        ['CPU in ns per byte', *(f'{median(bulk[name], "ns_per_byte"):.3f}' for name in PROXIES), '-'],
        ['CPU to that of floor', *(f'{ratio[name]:.2f}' for name in PROXIES), f'{BULK_TARGET}'],
        ['growth in KiB', *(f'{max(one["growth_bytes"] for one in bulk[name]) / 1024:.0f}' for name in PROXIES),
         f'{GROWTH_TARGET // 1024}'],
    ])


def idle_table(idle):
    return table(['', *PROXIES, 'at most (weir-proxy)'], [
        ['anonymous memory (heap) in bytes', *(f'{idle[name]["RssAnon"]:.0f}' for name in PROXIES), f'{HEAP_TARGET}'],
        ['resident in bytes', *(f'{idle[name]["VmRSS"]:.0f}' for name in PROXIES), '-'],
    ])


def feature_table(features):
    """What leaving a feature out saves, of the CPU per query with all of them."""
    without = [name for name in next(iter(features.values())) if name != 'all']
    rows = []
    for case, found in features.items():
        cells = [case, f'{median(found["all"], "cpu_us"):.2f}']
        for name in without:
            saved = 1 - median_ratio(found[name], found['all'], 'cpu_us')
            cells.append(f'{median(found[name], "cpu_us"):.2f} ({saved * 100:+.0f} %)')
        rows.append(cells)
    return table(['load, connections', 'all', *without], rows)


def as_markdown(results):
    text = (f'Medians of {results["rounds"]} alternating rounds of {results["seconds"]} s each; one server, weir-proxy with one '
            'worker.\n')
    if 'queries' in results:
        queries = results['queries']
        text += '\nCPU of the process between, all threads, in microseconds per query:\n\n' + cpu_table(queries)
        text += ('\nLatency in microseconds (p50 / p95 / p99), of a query for point selects, of a transaction for read '
                 'write:\n\n' + latency_table(queries))
        text += '\nQueries per second:\n\n' + throughput_table(results)
    if 'bulk' in results:
        text += '\nA large result:\n\n' + bulk_table(results['bulk'])
    if 'idle' in results:
        text += '\nAn idle client with its connection to the server:\n\n' + idle_table(results['idle'])
    if results.get('features'):    # --only may leave none of them
        text += ('\nA primary and a replica: CPU of weir-proxy in microseconds per query with everything, and without this or '
                 'that (saved by leaving it out):\n\n' + feature_table(results['features']))
    return text


def draw(results, path):
    """Bars of CPU per query, and of added median latency, per load."""
    import matplotlib
    matplotlib.use('svg')
    from matplotlib import pyplot

    queries = results['queries']
    figure, (cpu, latency) = pyplot.subplots(2, 1, figsize=(10, 8), layout='constrained')
    for at, (name, colour) in enumerate(zip(PROXIES, ('#b0b0b0', '#6c9bd2', '#d95f30'))):
        places = [case + (at - 1) * 0.27 for case in range(len(queries))]
        cpu.bar(places, [median(found[name], 'cpu_us') for found in queries.values()], 0.25, label=name, color=colour)
        latency.bar(places, [added_us(found[name], found['direct'], 50) for found in queries.values()], 0.25, color=colour)
    cpu.set_ylabel('CPU per query (µs)')
    latency.set_ylabel('added median latency (µs)')
    latency.axhline(0, color='black', linewidth=0.5)
    for axes in (cpu, latency):
        axes.set_xticks(range(len(queries)), [case.replace(', ', '\n') for case in queries])
        axes.grid(axis='y', alpha=0.3)
    cpu.legend()
    figure.savefig(path)

#!/bin/bash
# The shape of the tree in numbers: size of files, longest functions, tests beside product.
#
#   tests/architecture/shape.sh
#
# Functions are measured by universal-ctags (apt-get install universal-ctags); without it that part says so.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

product() { git ls-files -- protocol config splitter replication_monitor lb src | grep -E '\.(hpp|cpp|h|c)$'; }
tests() { git ls-files -- tests | grep -E '\.(hpp|cpp|sh|py|pl|cmake)$'; }
sizes() { xargs -r wc -l | awk '$2 != "total" { print $1, $2 }' | sort -n; }

show_sizes() {
    awk -v what="$1" '{ size[NR] = $1; name[NR] = $2; sum += $1 }
        END {
            if (NR == 0) { print what ": no files"; exit }
            printf "%-8s %4d files, %6d lines, median %d, largest %d (%s)\n",
                what, NR, sum, size[int((NR + 1) / 2)], size[NR], name[NR]
        }'
}

longest_functions() {
    product | grep -E '\.(hpp|cpp)$' |
        ctags -L - -f - --languages=C++ --c++-kinds=f --fields=+ne --output-format=u-ctags 2>/dev/null |
        awk -F'\t' '/^!/ { next } {
            line = end = 0
            for (i = 4; i <= NF; i++) {
                if ($i ~ /^line:/) line = substr($i, 6)
                if ($i ~ /^end:/) end = substr($i, 5)
            }
            if (end) printf "%d %s (%s:%d)\n", end - line + 1, $1, $2, line
        }' | sort -rn | head -n 5
}

product | sizes | show_sizes product
tests | sizes | show_sizes tests
lines_of() { xargs -r cat | wc -l; }
awk -v t="$(tests | lines_of)" -v p="$(product | lines_of)" \
    'BEGIN { printf "lines of tests : lines of product = %.2f\n", p ? t / p : 0 }'
if command -v ctags >/dev/null && ctags --version | grep -q Universal; then
    echo "longest functions (lines):"
    longest_functions | sed 's/^/  /'
else
    echo "longest functions: not measured, universal-ctags is missing"
fi

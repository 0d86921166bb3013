# Keeps what the client printed and prints the table.

# RESULTS COLUMN: the median.
median() { awk -v column="$2" '{ print $column }' "$work/$1" 2>/dev/null | sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

heading() { columns "raw gRPC" ""; }

# LEFT RIGHT: what the two columns are.
columns() { printf '%-58s %11s %11s %7s  %s\n' "" "$1" "$2" ratio bound; }

# WHAT RAW FIGURE [BOUND]: a row; the bound is of the ratio, as ">=0.85" or "<=1.25".
row() {
  awk -v what="$1" -v raw="$2" -v figure="$3" -v bound="${4:-}" 'BEGIN {
    if (raw != "" && raw != 0 && figure != "") ratio = sprintf("%.2f", figure / raw)
    limit = substr(bound, 3)
    if (ratio != "" && bound != "") short = bound ~ /^>/ ? (ratio + 0 < limit + 0) : (ratio + 0 > limit + 0)
    printf "%-58s %11s %11s %7s  %s%s\n", what, raw, figure, ratio, bound, short ? "  SHORT" : ""
  }'
}

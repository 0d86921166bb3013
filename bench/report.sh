# Computes medians of the figures, and prints the table.

# RESULTS COLUMN: prints the median.
median() { awk -v column="$2" '{ print $column }' "$work/$1" 2>/dev/null | sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

heading() { columns "raw gRPC" ""; }

# Prints a line at once, also to the table in the directory of the results.
print() { printf '%s\n' "$1" | tee -a "$work/table.txt"; }

# LEFT RIGHT: prints the names of the two columns.
columns() { print "$(printf '%-58s %11s %11s %7s  %s' "" "$1" "$2" ratio bound)"; }

# WHAT RAW FIGURE [BOUND]: prints a row; the bound applies to the ratio, such as ">=0.85" or "<=1.25".
row() {
  print "$(awk -v what="$1" -v raw="$2" -v figure="$3" -v bound="${4:-}" 'BEGIN {
    if (raw != "" && raw != 0 && figure != "") ratio = sprintf("%.2f", figure / raw)
    limit = substr(bound, 3)
    if (ratio != "" && bound != "") short = bound ~ /^>/ ? (ratio + 0 < limit + 0) : (ratio + 0 > limit + 0)
    printf "%-58s %11s %11s %7s  %s%s\n", what, raw, figure, ratio, bound, short ? "  SHORT" : ""
  }')"
}

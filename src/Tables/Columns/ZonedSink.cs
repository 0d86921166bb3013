using Wharf.Tables.Formulas;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>Writes instants with a time zone. The column does not keep the zone of each value.</summary>
internal sealed class ZonedSink(EngineType type, long rows) : ColumnSink<object?>
{
    private readonly FixedWidthSink<long> _moments = new(type, rows);

    protected override void Write(ReadOnlySpan<object?> values)
    {
        Span<long> nanos = new long[values.Length];
        for (int n = 0; n < values.Length; n++)
            nanos[n] = values[n] is ZonedInstant moment ? moment.EpochNanos : Null<long>.Value;
        _moments.Append(nanos);
    }

    public override Column Finish() => _moments.Finish();
}

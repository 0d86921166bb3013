using System.Runtime.CompilerServices;
using Wharf.Tables.Columns;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Nodes;

/// <summary>A function of the local time of an instant in a time zone; null if an argument is.</summary>
internal sealed class ZonedNode<TResult>(EngineType type, Call call, Node<long> time, Node<object?> zone, Func<long, TResult> ofLocal)
    : FunctionNode<TResult>(type, call, time, zone)
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Compute(in Frame frame, Span<TResult> target)
    {
        ReadOnlySpan<long> times = time.Read(frame)[..target.Length];
        ReadOnlySpan<object?> zones = zone.Read(frame)[..target.Length];
        TResult nullValue = Null<TResult>.Value;
        object? last = null;
        ZoneOffsetCache? days = null;
        for (int n = 0; n < target.Length; n++)
        {
            if (!ReferenceEquals(zones[n], last))
            {
                last = zones[n];
                days = last is ZoneId info ? ZoneOffsetCache.Of(info) : null;
            }

            target[n] = days is null || times[n] == long.MinValue ? nullValue : ofLocal(checked(times[n] + days.OffsetNanos(times[n])));
        }
    }
}

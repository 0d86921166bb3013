using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;
using static Wharf.Tables.Formulas.IsoTime;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>Functions of zoned instants: the functions of instants, applied to them with their zone.</summary>
internal static class ZonedFunctions
{
    private static readonly EngineType Moment = EngineType.Instant, Zoned = EngineType.ZonedDateTime, Zone = EngineType.TimeZone;

    private static readonly HashSet<string> Lifted = new(StringComparer.Ordinal)
    {
        "plus", "minus", "diffNanos", "diffMicros", "diffMillis", "diffSeconds", "diffMinutes", "diffDays", "diffYears365", "diffYearsAvg",
        "isBefore", "isAfter", "isBeforeOrEqual", "isAfterOrEqual", "lowerBin", "upperBin", "toExcelTime",
    };

    public static IEnumerable<Function> All =>
    [
        .. TimeFunctions.All.Concat(UnitFunctions.All).Where(IsLifted).Select(Lift),
        Function.Of<object, object, object?>(
            "plus", Zoned, EngineType.Period, Zoned, static (time, period) => Add((ZonedInstant)time, (Period)period, 1), canFail: true),
        Function.Of<object, object, object?>(
            "minus", Zoned, EngineType.Period, Zoned, static (time, period) => Add((ZonedInstant)time, (Period)period, -1), canFail: true),
        .. FromEpoch("Nanos", static count => count), .. FromEpoch("Micros", static count => checked(count * 1_000)),
        .. FromEpoch("Millis", static count => checked(count * 1_000_000)),
        .. FromEpoch("Seconds", static count => checked(count * NanosPerSecond)), .. FromEpoch("Auto", UnitFunctions.AutoToNanos),
        Function.Of<long, long, object, object?>(
            "toZonedDateTime", EngineType.LocalDate, EngineType.LocalTime, Zone, Zoned,
            static (date, time, zone) => At(checked((date * 1_000_000) + time), zone), canFail: true),
        Function.Of<object, object, object?>(
            "toZonedDateTime", EngineType.LocalDateTime, Zone, Zoned, static (local, zone) => At(((LocalTimestamp)local).Nanos, zone),
            canFail: true),
        Function.Of<long, object, object?>(
            "atMidnight", EngineType.LocalDate, Zone, Zoned, static (date, zone) => At(checked(date * 1_000_000), zone), canFail: true),
        Function.Of<object, object, object?>(
            "atMidnight", EngineType.LocalDateTime, Zone, Zoned,
            static (local, zone) => At(checked(((LocalTimestamp)local).Date * 1_000_000), zone), canFail: true),
        Function.Of<double, object, object?>(
            "excelToZonedDateTime", EngineType.Double, Zone, Zoned,
            static (days, zone) => new ZonedInstant(UnitFunctions.OfExcel(days, zone), (ZoneId)zone), canFail: true),
    ];

    private static bool IsLifted(Function function) =>
        (Lifted.Contains(function.Name) && function.Parameters[0] == Moment && !function.Parameters.Contains(EngineType.Period))
        || function.Parameters is [{ Kind: EngineKind.Instant }, { Kind: EngineKind.TimeZone }, { Kind: EngineKind.Boolean }];

    private static Function Lift(Function function)
    {
        bool withZone = function.Parameters is [_, { Kind: EngineKind.TimeZone }, ..];
        EngineType[] parameters = [Zoned,
            .. function.Parameters.Skip(withZone ? 2 : 1).Select(static type => type == Moment ? Zoned : type)];
        EngineType result = function.Result == Moment ? Zoned : function.Result;
        return new Function(function.Name, parameters, result, (lifted, arguments, context, position) =>
        {
            Node[] moments = [.. arguments.Select(
                argument => argument.Type == Zoned ? Part<long>(argument, Moment, static time => time.EpochNanos) : argument)];
            if (withZone)
                moments = [moments[0], Part<object?>(arguments[0], Zone, static time => time.Zone), .. moments.Skip(1)];
            Node inner = function.Bind(moments, context, position);
            return result != Zoned ? inner : new CallNode<object?, long, object?>(
                Zoned, lifted.At(position), (Node<object?>)arguments[0], (Node<long>)inner,
                static (time, nanos) => ((ZonedInstant)time!) with { EpochNanos = nanos });
        })
        {
            Nulls = function.Nulls, CanFail = function.CanFail,
        };
    }

    private static Node Part<T>(Node zoned, EngineType type, Func<ZonedInstant, T> part) =>
        new CallNode<object?, T>(
            type, new Call("zone", -1, NullRule.Propagate, CanFail: false, IsPure: true), (Node<object?>)zoned,
            time => part((ZonedInstant)time!)).Fold();

    private static IEnumerable<Function> FromEpoch(string unit, Func<long, long> nanos) =>
    [
        Function.Of<long, object, object?>(
            $"epoch{unit}ToZonedDateTime", EngineType.Long, Zone, Zoned,
            (count, zone) => new ZonedInstant(TimeFunctions.CheckRange(nanos(count)), (ZoneId)zone), canFail: true),
    ];

    private static ZonedInstant At(long local, object zone) => new(TimeZones.ToEpoch((ZoneId)zone, local), (ZoneId)zone);

    /// <summary>Adds a period in calendar time, which keeps the local time.</summary>
    private static ZonedInstant Add(ZonedInstant time, Period period, int sign)
    {
        long local = time.EpochNanos + TimeZones.OffsetNanos(time.Zone, time.EpochNanos), day = FloorDays(local);
        long moved = TimeFunctions.AddPeriod(day * MillisPerDay, period, sign);
        return At(checked((moved * 1_000_000) + local - (day * NanosPerDay)), time.Zone);
    }
}

using Wharf.Tables.Schemas;
using static Wharf.Tables.Schemas.EngineType;
using static Wharf.Tables.Formulas.IsoTime;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>Conversions between units of time, and functions of parts of times.</summary>
internal static class UnitFunctions
{
    /// <summary>The number of days from the epoch of spreadsheets to 1970.</summary>
    private const double ExcelEpoch = 25_569;

    public static IEnumerable<Function> All =>
    [
        DivideBy("nanosToMicros", 1_000), DivideBy("nanosToMillis", 1_000_000), DivideBy("nanosToSeconds", NanosPerSecond),
        DivideBy("microsToMillis", 1_000), DivideBy("microsToSeconds", 1_000_000), DivideBy("millisToSeconds", 1_000),
        MultiplyBy("millisToMicros", 1_000), MultiplyBy("secondsToMicros", 1_000_000), MultiplyBy("secondsToMillis", 1_000),
        ToNanos("microsToNanos", 1_000), ToNanos("millisToNanos", 1_000_000), ToNanos("secondsToNanos", NanosPerSecond),

        Function.Of<long, int>("microsOfMilli", EngineType.Instant, Int, static time => MicrosOfMilli(time)),
        Function.Of<object, int>(
            "microsOfMilli", EngineType.ZonedDateTime, Int, static time => MicrosOfMilli(((ZonedInstant)time).EpochNanos)),
        Function.Of<long, int>("nanosOfMilli", EngineType.Instant, Int, static time => NanosOfMilli(time)),
        Function.Of<object, int>(
            "nanosOfMilli", EngineType.ZonedDateTime, Int, static time => NanosOfMilli(((ZonedInstant)time).EpochNanos)),
        Function.Of<long, object, long>(
            "atMidnight", EngineType.Instant, EngineType.TimeZone, EngineType.Instant,
            static (time, zone) => ToMidnight(time, (ZoneId)zone)),
        Function.Of<object, object?>(
            "atMidnight", EngineType.ZonedDateTime, EngineType.ZonedDateTime,
            static time => time is ZonedInstant at ? at with { EpochNanos = ToMidnight(at.EpochNanos, at.Zone) } : null),

        Function.Of<long, long>("epochAutoToEpochNanos", Long, Long, AutoToNanos),
        Function.Of<long, long>(
            "epochAutoToInstant", Long, EngineType.Instant, static count => TimeFunctions.CheckRange(AutoToNanos(count)), canFail: true),
        Function.Of<long, object, double>("toExcelTime", EngineType.Instant, EngineType.TimeZone, EngineType.Double, ToExcel),
        Function.Of<double, object, long>(
            "excelToInstant", EngineType.Double, EngineType.TimeZone, EngineType.Instant, OfExcel, canFail: true),
        Function.Of<long, string?>("formatDurationNanos", Long, EngineType.String, FormatDuration),
    ];

    private static Function DivideBy(string name, long factor) => Function.Of<long, long>(name, Long, Long, count => count / factor);

    private static Function MultiplyBy(string name, long factor) =>
        Function.Of<long, long>(name, Long, Long, count => unchecked(count * factor));

    private static Function ToNanos(string name, long factor) =>
        Function.Of<long, long>(name, Long, Long, count => checked(count * factor), canFail: true);

    // Rounded half up, as in the reference server.
    private static int MicrosOfMilli(long time) => (int)Math.Round(NanosOfMilli(time) / 1000.0, MidpointRounding.AwayFromZero);

    private static int NanosOfMilli(long time) => (int)(((time % 1_000_000) + 1_000_000) % 1_000_000);

    private static long ToMidnight(long time, ZoneId zone) =>
        TimeZones.ToEpoch(zone, checked(FloorDays(time + TimeZones.OffsetNanos(zone, time)) * NanosPerDay));

    /// <summary>
    /// Converts a count since 1970 to nanoseconds. Its magnitude determines the unit: seconds, milliseconds, microseconds or nanoseconds.
    /// </summary>
    public static long AutoToNanos(long count) => Math.Abs(count) switch
    {
        > 9_309_341_000_000_000 => count,
        > 9_309_341_000_000 => count * 1_000,
        > 9_309_341_000 => count * 1_000_000,
        _ => count * NanosPerSecond,
    };

    /// <summary>Converts a number of days since 1900, in the local time of a zone, to an instant.</summary>
    public static long OfExcel(double days, object zone)
    {
        long local = (long)((days - ExcelEpoch) * MillisPerDay);
        return checked(TimeZones.ToEpoch((ZoneId)zone, checked(local * 1_000_000)));
    }

    private static double ToExcel(long time, object zone)
    {
        long millis = TimeFunctions.Floor(time, 1_000_000);
        return ((millis + (TimeZones.OffsetNanos((ZoneId)zone, time) / 1_000_000)) / (double)MillisPerDay) + ExcelEpoch;
    }

    private static string FormatDuration(long nanos)
    {
        string sign = nanos < 0 ? "-" : "";
        (long seconds, long fraction) = Math.DivRem(Math.Abs(nanos), NanosPerSecond);
        return $"{sign}PT{seconds / 3600}:{seconds % 3600 / 60:D2}:{seconds % 60:D2}{(fraction == 0 ? "" : "." + Nanos(fraction))}";
    }
}

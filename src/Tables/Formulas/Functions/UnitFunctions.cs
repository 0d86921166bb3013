using static Wharf.Tables.EngineType;
using static Wharf.Tables.TimeText;

namespace Wharf.Tables;

/// <summary>Functions between units of time, and parts of times that have no clock of their own.</summary>
internal static class UnitFunctions
{
    public static IEnumerable<Function> All =>
    [
        Coarser("nanosToMicros", 1_000), Coarser("nanosToMillis", 1_000_000), Coarser("nanosToSeconds", NanosPerSecond),
        Coarser("microsToMillis", 1_000), Coarser("microsToSeconds", 1_000_000), Coarser("millisToSeconds", 1_000),
        Finer("millisToMicros", 1_000), Finer("secondsToMicros", 1_000_000), Finer("secondsToMillis", 1_000),
        ToNanos("microsToNanos", 1_000), ToNanos("millisToNanos", 1_000_000), ToNanos("secondsToNanos", NanosPerSecond),

        Function.Of<long, int>("microsOfMilli", EngineType.Instant, Int, static time => MicrosOfMilli(time)),
        Function.Of<object, int>("microsOfMilli", EngineType.ZonedDateTime, Int, static time => MicrosOfMilli(((ZonedMoment)time).EpochNanos)),
        Function.Of<long, int>("nanosOfMilli", EngineType.Instant, Int, static time => NanosOfMilli(time)),
        Function.Of<object, int>("nanosOfMilli", EngineType.ZonedDateTime, Int, static time => NanosOfMilli(((ZonedMoment)time).EpochNanos)),
        Function.Of<long, object, long>("atMidnight", EngineType.Instant, EngineType.TimeZone, EngineType.Instant, static (time, zone) => Midnight(time, (TimeZoneInfo)zone)),
        Function.Of<object, object?>(
            "atMidnight", EngineType.ZonedDateTime, EngineType.ZonedDateTime, static time => time is ZonedMoment at ? at with { EpochNanos = Midnight(at.EpochNanos, at.Zone) } : null),

        Quiet("parseInstantQuiet", EngineType.Instant, static text => ParseInstant(text)), Quiet("parseLocalDateQuiet", EngineType.LocalDate, static text => ParseLocalDate(text)),
        Quiet("parseLocalTimeQuiet", EngineType.LocalTime, static text => ParseLocalTime(text)), Quiet("parseDurationQuiet", EngineType.Duration, ParseDuration),
        Read("parseEpochNanos", static text => ParseInstant(text)), Read("parseDurationNanos", ParseDuration),
    ];

    private static Function Coarser(string name, long factor) => Function.Of<long, long>(name, Long, Long, count => count / factor);

    private static Function Finer(string name, long factor) => Function.Of<long, long>(name, Long, Long, count => unchecked(count * factor));

    private static Function ToNanos(string name, long factor) => Function.Of<long, long>(name, Long, Long, count => checked(count * factor), canFail: true);

    // Half a microsecond and more counts as one, as the reference server has it.
    private static int MicrosOfMilli(long time) => (int)Math.Round(NanosOfMilli(time) / 1000.0, MidpointRounding.AwayFromZero);

    private static int NanosOfMilli(long time) => (int)(((time % 1_000_000) + 1_000_000) % 1_000_000);

    private static long Midnight(long time, TimeZoneInfo zone) =>
        TimeZones.ToEpoch(zone, FloorDays(time + TimeZones.OffsetNanos(zone, time)) * NanosPerDay);

    private static Function Quiet(string name, EngineType result, Func<string, long?> parse) =>
        Function.Of<string, long>(name, EngineType.String, result, text => parse(text) ?? Null<long>.Value);

    private static Function Read(string name, Func<string, long?> parse) => Function.Of<string, long>(
        name, EngineType.String, Long, text => parse(text) ?? throw new FormulaError($"`{text}` cannot be read as a time"), canFail: true);
}

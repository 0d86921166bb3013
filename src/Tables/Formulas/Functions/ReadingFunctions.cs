using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;
using static Wharf.Tables.Formulas.IsoTime;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>Functions that parse times. They fail if the text is invalid; those whose names end with <c>Quiet</c> return null.</summary>
internal static class ReadingFunctions
{
    private static readonly EngineType Text = EngineType.String;

    public static IEnumerable<Function> All =>
    [
        .. Numbers("parseInstant", EngineType.Instant, ReadInstant), .. Numbers("parseLocalDate", EngineType.LocalDate, ReadLocalDate),
        .. Numbers("parseLocalTime", EngineType.LocalTime, ReadLocalTime), .. Numbers("parseDuration", EngineType.Duration, ParseDuration),
        .. Numbers("parseEpochNanos", EngineType.Long, ReadInstant), .. Numbers("parseDurationNanos", EngineType.Long, ParseDuration),
        .. Objects("parsePeriod", EngineType.Period, ParsePeriod), .. Objects("parseZonedDateTime", EngineType.ZonedDateTime, ParseZoned),
        .. Objects("parseLocalDateTime", EngineType.LocalDateTime, ParseLocalDateTime),
        .. Objects("parseTimeZone", EngineType.TimeZone, TimeZones.TryFind),
    ];

    /// <summary>Parses an instant: its text, or a number of seconds, milliseconds, microseconds or nanoseconds since 1970.</summary>
    public static long? ReadInstant(string text) =>
        long.TryParse(
            text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out long count)
            && text[0] != '+'
            ? UnitFunctions.AutoToNanos(count)
            : ParseInstant(text);

    private static IEnumerable<Function> Numbers(string name, EngineType result, Func<string, long?> parse)
    {
        yield return Function.Of<string, long>(
            name, Text, result, text => parse(text) ?? throw Unreadable(text, result), NullRule.Refuse, canFail: true);
        yield return Function.Of<string, long>(
            name + "Quiet", Text, result, text => text is null ? Null<long>.Value : parse(text) ?? Null<long>.Value, NullRule.Pass);
    }

    private static IEnumerable<Function> Objects<T>(string name, EngineType result, Func<string, T?> parse)
        where T : class
    {
        yield return Function.Of<string, object?>(
            name, Text, result, text => parse(text) ?? throw Unreadable(text, result), NullRule.Refuse, canFail: true);
        yield return Function.Of<string, object?>(name + "Quiet", Text, result, text => text is null ? null : parse(text), NullRule.Pass);
    }

    private static FormulaError Unreadable(string text, EngineType type) => new($"`{text}` cannot be read as {type.ClassName}");
}

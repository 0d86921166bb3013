using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;
using static Wharf.Tables.Schemas.EngineType;
using static Wharf.Tables.Formulas.IsoTime;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>Functions of dates, dates with a time of day, durations and periods.</summary>
internal static class CalendarFunctions
{
    private static readonly EngineType Day = EngineType.LocalDate, Clock = EngineType.LocalTime, Span = EngineType.Duration,
        Local = EngineType.LocalDateTime, Zone = EngineType.TimeZone;

    public static IEnumerable<Function> All =>
    [
        Function.Of<long, long, long>(
            "plusDays", Day, Long, Day, static (date, days) => checked(date + (days * MillisPerDay)), canFail: true),
        Function.Of<long, long, long>(
            "minusDays", Day, Long, Day, static (date, days) => checked(date - (days * MillisPerDay)), canFail: true),
        Function.Of<long, object, long>(
            "plus", Day, EngineType.Period, Day, static (date, period) => TimeFunctions.AddPeriod(date, (Period)period, 1), canFail: true),
        Function.Of<long, object, long>(
            "minus", Day, EngineType.Period, Day, static (date, period) => TimeFunctions.AddPeriod(date, (Period)period, -1),
            canFail: true),
        Function.Of<long, long, long>(
            "plusDays", EngineType.Instant, Long, EngineType.Instant, static (time, days) => checked(time + (days * NanosPerDay)),
            canFail: true),
        Function.Of<long, long, long>(
            "minusDays", EngineType.Instant, Long, EngineType.Instant, static (time, days) => checked(time - (days * NanosPerDay)),
            canFail: true),
        Function.Of<object, long, object?>("plusDays", Local, Long, Local, static (local, days) => Add(local, days), canFail: true),
        Function.Of<object, long, object?>(
            "minusDays", Local, Long, Local, static (local, days) => Add(local, checked(-days)), canFail: true),
        Function.Of<object, object, object?>(
            "plus", Local, EngineType.Period, Local, static (local, period) => Add(local, (Period)period, 1), canFail: true),
        Function.Of<object, object, object?>(
            "minus", Local, EngineType.Period, Local, static (local, period) => Add(local, (Period)period, -1), canFail: true),

        Function.Of<long, long, long>("plus", Span, Span, Span, static (a, b) => checked(a + b), canFail: true),
        Function.Of<long, long, long>("minus", Span, Span, Span, static (a, b) => checked(a - b), canFail: true),
        Function.Of<long, long, long>("multiply", Span, Long, Span, static (span, times) => checked(span * times), canFail: true),
        Function.Of<long, long, long>("multiply", Long, Span, Span, static (times, span) => checked(span * times), canFail: true),
        Function.Of<long, long, long>(
            "divide", Span, Long, Span,
            static (span, parts) => parts == 0 ? throw new FormulaError("a duration cannot be divided by zero") : span / parts,
            canFail: true),
        Function.Of<object, object, object?>(
            "plus", EngineType.Period, EngineType.Period, EngineType.Period, static (a, b) => ((Period)a).Plus((Period)b, 1),
            canFail: true),
        Function.Of<object, object, object?>(
            "minus", EngineType.Period, EngineType.Period, EngineType.Period, static (a, b) => ((Period)a).Plus((Period)b, -1),
            canFail: true),
        Function.Of<object, int, object?>(
            "multiply", EngineType.Period, Int, EngineType.Period, static (period, times) => ((Period)period).Times(times), canFail: true),
        Function.Of<int, object, object?>(
            "multiply", Int, EngineType.Period, EngineType.Period, static (times, period) => ((Period)period).Times(times), canFail: true),

        Function.Of<long, long>("epochDays", Day, Long, static date => date / MillisPerDay),
        Function.Of<long, int>("epochDaysAsInt", Day, Int, static date => checked((int)(date / MillisPerDay)), canFail: true),
        Function.Of<long, long>("epochDaysToLocalDate", Long, Day, static days => checked(days * MillisPerDay), canFail: true),
        Function.Of<int, long>("epochDaysAsIntToLocalDate", Int, Day, static days => days * MillisPerDay),
        OfClock("millisOfDayToLocalTime", Int, 1_000_000), OfClock("microsOfDayToLocalTime", Long, 1_000),
        OfClock("nanosOfDayToLocalTime", Long, 1),

        Function.Of<long, object, object?>(
            "toLocalDateTime", EngineType.Instant, Zone, Local,
            static (time, zone) => new LocalTimestamp(time + TimeZones.OffsetNanos((ZoneId)zone, time))),
        Function.Of<object, object?>(
            "toLocalDateTime", EngineType.ZonedDateTime, Local,
            static time => time is ZonedInstant at
            ? new LocalTimestamp(at.EpochNanos + TimeZones.OffsetNanos(at.Zone, at.EpochNanos))
            : null),
        Function.Of<long, long, object?>(
            "toLocalDateTime", Day, Clock, Local, static (date, time) => new LocalTimestamp(checked((date * 1_000_000) + time)),
            canFail: true),
        Function.Of<object, long>("toLocalDate", Local, Day, static local => ((LocalTimestamp)local).Date),
        Function.Of<object, long>("toLocalTime", Local, Clock, static local => ((LocalTimestamp)local).Clock),
        Function.Of<object, object, long>(
            "toInstant", Local, Zone, EngineType.Instant,
            static (local, zone) => TimeZones.ToEpoch((ZoneId)zone, ((LocalTimestamp)local).Nanos)),
        .. new[] { "year", "yearOfCentury", "monthOfYear", "dayOfMonth", "dayOfYear", "dayOfWeek", "dayOfWeekValue", "formatDate" }.Select(
            static name => OfLocal(name, Day)),
        .. new[] { "hourOfDay", "minuteOfDay", "secondOfDay", "millisOfDay", "nanosOfDay" }.Select(static name => OfLocal(name, Clock)),
    ];

    /// <summary>Returns a function of dates or times of day as one of dates with a time of day.</summary>
    private static Function OfLocal(string name, EngineType part)
    {
        Function function = TimeFunctions.All.Single(
            candidate => candidate.Name == name && candidate.Parameters is [var only] && only == part);
        return new Function(name, [Local], function.Result, (_, arguments, context, position) => function.Bind(
            [
                new CallNode<object?, long>(
                    part, new Call(name, position, NullRule.Propagate, CanFail: false, IsPure: true), (Node<object?>)arguments[0],
                    local => part == Clock ? ((LocalTimestamp)local!).Clock : ((LocalTimestamp)local!).Date),
            ],
            context,
            position));
    }

    private static Function OfClock(string name, EngineType type, long unit)
    {
        return type == Int
            ? Function.Of<int, long>(name, type, Clock, count => Checked(count), canFail: true)
            : Function.Of<long, long>(name, type, Clock, Checked, canFail: true);

        long Checked(long count) =>
            count >= 0 && count < NanosPerDay / unit ? count * unit : throw new FormulaError($"{count} is outside of a day");
    }

    private static LocalTimestamp Add(object local, long days) => new(checked(((LocalTimestamp)local).Nanos + (days * NanosPerDay)));

    private static LocalTimestamp Add(object local, Period period, int sign) =>
        new(checked((TimeFunctions.AddPeriod(((LocalTimestamp)local).Date, period, sign) * 1_000_000) + ((LocalTimestamp)local).Clock));
}

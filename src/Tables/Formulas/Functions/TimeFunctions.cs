using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;
using static Wharf.Tables.Schemas.EngineType;
using static Wharf.Tables.Formulas.IsoTime;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>Functions of instants, dates and times of day.</summary>
internal static class TimeFunctions
{
    private static readonly EngineType Truth = EngineType.Boolean;
    private static readonly EngineType Zone = EngineType.TimeZone;
    private static readonly EngineType Moment = EngineType.Instant;
    private static readonly EngineType Day = EngineType.LocalDate;
    private static readonly EngineType Clock = EngineType.LocalTime;
    private static readonly EngineType Span = EngineType.Duration;
    private static readonly EngineType Text = EngineType.String;

    public static IEnumerable<Function> All =>
    [
        Function.Of("now", Moment, static context => context.NowNanos),
        Function.Of("nowSystem", Moment, static context => context.NowNanos),
        Function.Of("nowMillisResolution", Moment, static context => context.NowNanos / 1_000_000 * 1_000_000),
        Function.Of("nowSystemMillisResolution", Moment, static context => context.NowNanos / 1_000_000 * 1_000_000),
        Function.Of("today", Text, static context => IsoTime.LocalDate(FloorDays(context.NowNanos) * MillisPerDay)),
        Function.Of("todayLocalDate", Day, static context => FloorDays(context.NowNanos) * MillisPerDay),
        Today("today", Text, static day => IsoTime.LocalDate(day)), Today("todayLocalDate", Day, static day => day),
        Function.Of("timeZone", Zone, static _ => (object?)TimeZones.TryFind("Etc/UTC")),
        Function.Of<string, object?>(
            "timeZone", Text, Zone, static name => TimeZones.TryFind(name) ?? throw new FormulaError($"the time zone {name} is unknown"),
            canFail: true),

        .. Epoch("Nanos", 1), .. Epoch("Micros", 1_000), .. Epoch("Millis", 1_000_000), .. Epoch("Seconds", NanosPerSecond),

        Function.Of<long, long, long>("plus", Moment, Long, Moment, static (time, nanos) => unchecked(time + nanos)),
        Function.Of<long, long, long>("plus", Moment, Span, Moment, static (time, span) => unchecked(time + span)),
        Function.Of<long, long, long>("minus", Moment, Long, Moment, static (time, nanos) => unchecked(time - nanos)),
        Function.Of<long, long, long>("minus", Moment, Span, Moment, static (time, span) => unchecked(time - span)),
        Function.Of<long, object, long>(
            "plus", Moment, EngineType.Period, Moment, static (time, period) => AddDaysOf(time, (Period)period, 1), canFail: true),
        Function.Of<long, object, long>(
            "minus", Moment, EngineType.Period, Moment, static (time, period) => AddDaysOf(time, (Period)period, -1), canFail: true),
        Function.Of<long, long, long>("minus", Moment, Moment, Long, static (time, other) => unchecked(time - other)),
        Function.Of<long, long, sbyte>("isBefore", Moment, Moment, Truth, static (a, b) => Is(AreNotNull(a, b) && a < b), NullRule.Pass),
        Function.Of<long, long, sbyte>("isAfter", Moment, Moment, Truth, static (a, b) => Is(AreNotNull(a, b) && a > b), NullRule.Pass),
        Function.Of<long, long, sbyte>(
            "isBeforeOrEqual", Moment, Moment, Truth, static (a, b) => Is(AreNotNull(a, b) && a <= b), NullRule.Pass),
        Function.Of<long, long, sbyte>(
            "isAfterOrEqual", Moment, Moment, Truth, static (a, b) => Is(AreNotNull(a, b) && a >= b), NullRule.Pass),
        Function.Of<long, long, long>("diffNanos", Moment, Moment, Long, static (a, b) => unchecked(b - a)),
        WholeDifference("diffMicros", 1_000), WholeDifference("diffMillis", 1_000_000), Difference("diffSeconds", NanosPerSecond),
        Difference("diffMinutes", 60 * NanosPerSecond),
        Difference("diffDays", NanosPerDay), Years("diffYears365", 365 * NanosPerDay), Years("diffYearsAvg", 31_556_952 * NanosPerSecond),

        Function.Of<long, long, long>(
            "lowerBin", Moment, Long, Moment, static (time, bin) => MathFunctions.LowerBin(time, bin), canFail: true),
        Function.Of<long, long, long>(
            "upperBin", Moment, Long, Moment, static (time, bin) => MathFunctions.UpperBin(time, bin), canFail: true),
        Function.Of<long, long, long, long>(
            "lowerBin", Moment, Long, Long, Moment, static (time, bin, offset) => MathFunctions.LowerBin(time - offset, bin) + offset,
            canFail: true),
        Function.Of<long, long, long, long>(
            "upperBin", Moment, Long, Long, Moment, static (time, bin, offset) => MathFunctions.UpperBin(time - offset, bin) + offset,
            canFail: true),
        Function.Of<long, long, long>(
            "lowerBin", Moment, Span, Moment, static (time, bin) => MathFunctions.LowerBin(time, bin), canFail: true),
        Function.Of<long, long, long, long>(
            "lowerBin", Moment, Span, Span, Moment, static (time, bin, offset) => MathFunctions.LowerBin(time - offset, bin) + offset,
            canFail: true),
        Function.Of<long, long, long, long>(
            "upperBin", Moment, Span, Span, Moment, static (time, bin, offset) => MathFunctions.UpperBin(time - offset, bin) + offset,
            canFail: true),
        Function.Of<long, long, long>(
            "upperBin", Moment, Span, Moment, static (time, bin) => MathFunctions.UpperBin(time, bin), canFail: true),

        .. DateField("year", Int, static date => date.Year),
        .. DateField("yearOfCentury", Int, static date => date.Year % 100),
        .. DateField("monthOfYear", Int, static date => date.Month),
        .. DateField("dayOfMonth", Int, static date => date.Day),
        .. DateField("dayOfYear", Int, static date => date.DayOfYear),
        .. DateField<object?>("dayOfWeek", EngineType.DayOfWeek, static date => new Weekday(date.DayOfWeek)),
        .. DateField("dayOfWeekValue", Int, static date => date.DayOfWeek == System.DayOfWeek.Sunday ? 7 : (int)date.DayOfWeek),
        .. ClockField("hourOfDay", Int, static nanos => (int)(nanos / (3600 * NanosPerSecond)), withLocalFlag: true),
        .. ClockField("minuteOfHour", Int, static nanos => (int)(nanos / (60 * NanosPerSecond) % 60)),
        .. ClockField("minuteOfDay", Int, static nanos => (int)(nanos / (60 * NanosPerSecond)), withLocalFlag: true),
        .. ClockField("secondOfMinute", Int, static nanos => (int)(nanos / NanosPerSecond % 60)),
        .. ClockField("secondOfDay", Int, static nanos => (int)(nanos / NanosPerSecond), withLocalFlag: true),
        .. ClockField("millisOfSecond", Int, static nanos => (int)(nanos % NanosPerSecond / 1_000_000)),
        .. ClockField("microsOfSecond", Long, static nanos => nanos % NanosPerSecond / 1_000),
        .. ClockField("nanosOfSecond", Long, static nanos => nanos % NanosPerSecond),
        .. ClockField("millisOfDay", Int, static nanos => (int)(nanos / 1_000_000), withLocalFlag: true),
        .. ClockField("nanosOfDay", Long, static nanos => nanos, withLocalFlag: true),

        Zoned<long>("toLocalDate", Day, static local => FloorDays(local) * MillisPerDay),
        ZonedInstants<long>("toLocalDate", Day, static local => FloorDays(local) * MillisPerDay),
        Zoned<long>("toLocalTime", Clock, static local => local - (FloorDays(local) * NanosPerDay)),
        ZonedInstants<long>("toLocalTime", Clock, static local => local - (FloorDays(local) * NanosPerDay)),
        Zoned<string?>("formatDate", Text, static local => IsoTime.LocalDate(FloorDays(local) * MillisPerDay)),
        ZonedInstants<string?>("formatDate", Text, static local => IsoTime.LocalDate(FloorDays(local) * MillisPerDay)),
        Function.Of<long, string?>("formatDate", Day, Text, static date => IsoTime.LocalDate(date)),
        Function.Of<object, string?>(
            "formatDateTime", EngineType.ZonedDateTime, Text,
            static time => FormatDateTime(((ZonedInstant)time).EpochNanos, ((ZonedInstant)time).Zone)),
        Function.Of<long, object, string?>("formatDateTime", Moment, Zone, Text, static (time, zone) => FormatDateTime(time, (ZoneId)zone)),
        Function.Of<long, object, object?>(
            "toZonedDateTime", Moment, Zone, EngineType.ZonedDateTime, static (time, zone) => new ZonedInstant(time, (ZoneId)zone)),
        Function.Of<object, long>("toInstant", EngineType.ZonedDateTime, Moment, static time => ((ZonedInstant)time).EpochNanos),
        Function.Of<long, long, object, long>(
            "toInstant", Day, Clock, Zone, Moment,
            static (date, time, zone) => TimeZones.ToEpoch((ZoneId)zone, checked((date * 1_000_000) + time)), canFail: true),

        Function.Of<object, int, object?>(
            "*", EngineType.Period, Int, EngineType.Period, static (period, times) => ((Period)period).Times(times), canFail: true),
        Function.Of<long, long, long>(".plus", Clock, Span, Clock, AddToClock, NullRule.Refuse),
        Function.Of<long, long, long>(".minus", Clock, Span, Clock, static (time, span) => AddToClock(time, -span), NullRule.Refuse),
        Function.Of<long, long, long>(".plus", Moment, Span, Moment, static (time, span) => unchecked(time + span), NullRule.Refuse),
        Function.Of<long, long, long>(".minus", Moment, Span, Moment, static (time, span) => unchecked(time - span), NullRule.Refuse),
        Function.Of<long, long, long>(
            ".plusDays", Day, Long, Day, static (date, days) => AddDays(date, days), NullRule.Refuse, canFail: true),
        Function.Of<long, long, long>(
            ".minusDays", Day, Long, Day, static (date, days) => AddDays(date, -days), NullRule.Refuse, canFail: true),
        Function.Of<long, object, long>(
            ".plus", Day, EngineType.Period, Day, static (date, period) => AddPeriod(date, (Period)period, 1), NullRule.Refuse,
            canFail: true),
        Function.Of<long, object, long>(
            ".minus", Day, EngineType.Period, Day, static (date, period) => AddPeriod(date, (Period)period, -1), NullRule.Refuse,
            canFail: true),
    ];

    /// <summary>Adds a period to a date; the day is limited to the length of the month.</summary>
    public static long AddPeriod(long millis, Period period, int sign)
    {
        DateTime date = DateOfDay(millis / MillisPerDay).AddMonths(checked(sign * ((period.Years * 12) + period.Months)))
            .AddDays(sign * (double)period.Days);
        return (date - DateTime.UnixEpoch).Days * MillisPerDay;
    }

    /// <summary>Adds a period of days of 24 hours to an instant. Months have no fixed length, so they are rejected.</summary>
    public static long AddDaysOf(long time, Period period, int sign) => period is { Years: 0, Months: 0 }
        ? checked(time + (sign * period.Days * NanosPerDay))
        : throw new FormulaError("months or years cannot be added to an instant; use a date");

    public static long AddToClock(long time, long span) => ((time + (span % NanosPerDay)) % NanosPerDay + NanosPerDay) % NanosPerDay;

    private static long AddDays(long millis, long days) => checked(millis + (days * MillisPerDay));

    private static sbyte Is(bool value) => value ? (sbyte)1 : (sbyte)0;

    private static bool AreNotNull(long a, long b) => a != Null<long>.Value && b != Null<long>.Value;

    private static IEnumerable<Function> Epoch(string unit, long nanos)
    {
        // The reference server truncates microseconds and rounds the others down.
        yield return Function.Of<long, long>("epoch" + unit, Moment, Long, time => unit == "Micros" ? time / nanos : Floor(time, nanos));
        yield return Function.Of<long, long>(
            $"epoch{unit}ToInstant", Long, Moment, count => CheckRange(checked(count * nanos)), canFail: true);
        yield return Function.Of<object, long>(
            "epoch" + unit, EngineType.ZonedDateTime, Long,
            time => unit is "Micros" or "Millis" ? ((ZonedInstant)time).EpochNanos / nanos : Floor(((ZonedInstant)time).EpochNanos, nanos));
    }

    /// <summary>Throws if an instant is in or after the last second that nanoseconds represent, as in the reference server.</summary>
    public static long CheckRange(long nanos) =>
        nanos < 9_223_372_036 * NanosPerSecond ? nanos : throw new FormulaError("the instant is outside of the range of nanoseconds");

    public static long Floor(long value, long unit) => (value / unit) - (value % unit < 0 ? 1 : 0);

    private static Function Difference(string name, long unit) =>
        Function.Of<long, long, double>(name, Moment, Moment, EngineType.Double, (a, b) => unchecked(b - a) / (double)unit);

    private static Function WholeDifference(string name, long unit) =>
        Function.Of<long, long, long>(name, Moment, Moment, Long, (a, b) => unchecked(b - a) / unit);

    // The reference server multiplies here and divides above; the last digit differs.
    private static Function Years(string name, long unit) =>
        Function.Of<long, long, double>(name, Moment, Moment, EngineType.Double, (a, b) => unchecked(b - a) * (1.0 / unit));

    private static Function Today<TR>(string name, EngineType result, Func<long, TR> ofDay) =>
        new(name, [Zone], result, (function, arguments, context, position) =>
        {
            long now = context!.NowNanos;
            return new CallNode<object?, TR>(
                result, function.At(position), (Node<object?>)arguments[0], zone => ofDay(FloorDays(Local(now, zone!)) * MillisPerDay));
        });

    // Near the limits of an instant, the local time may exceed the range of nanoseconds.
    private static long Local(long time, object zone) => checked(time + TimeZones.OffsetNanos((ZoneId)zone, time));

    private static Function Zoned<TR>(string name, EngineType result, Func<long, TR> ofLocal) =>
        new(name, [Moment, Zone], result, (function, arguments, _, position) =>
            new ZonedNode<TR>(result, function.At(position), (Node<long>)arguments[0], (Node<object?>)arguments[1], ofLocal));

    private static Function ZonedInstants<TR>(string name, EngineType result, Func<long, TR> ofLocal) => Function.Of<object, TR>(
        name, EngineType.ZonedDateTime, result,
        value => value is ZonedInstant moment ? ofLocal(Local(moment.EpochNanos, moment.Zone)) : Null<TR>.Value);

    private static IEnumerable<Function> DateField<TR>(string name, EngineType result, Func<DateTime, TR> field)
    {
        yield return Zoned(name, result, local => field(DateOfDay(FloorDays(local))));
        yield return ZonedInstants(name, result, local => field(DateOfDay(FloorDays(local))));
        yield return Function.Of<long, TR>(name, Day, result, millis => field(DateOfDay(millis / MillisPerDay)));
    }

    private static IEnumerable<Function> ClockField<TR>(string name, EngineType result, Func<long, TR> field, bool withLocalFlag = false)
    {
        // The flag selects between local clock time and the time since midnight. They differ on days with a clock change.
        TR OfClock(long local) => field(local - (FloorDays(local) * NanosPerDay));
        if (withLocalFlag)
        {
            yield return Function.Of<long, object, sbyte, TR>(
                name, Moment, Zone, Truth, result,
                (time, zone, isLocal) => isLocal == 1 ? OfClock(Local(time, zone)) : field(SinceMidnight(time, (ZoneId)zone)));
            yield return Function.Of<long, TR>(name, Clock, result, field);
        }
        else
        {
            yield return Zoned(name, result, OfClock);
            yield return ZonedInstants(name, result, OfClock);
        }
    }

    private static long SinceMidnight(long time, ZoneId zone)
    {
        long midnight = FloorDays(Local(time, zone)) * NanosPerDay;
        return time - TimeZones.ToEpoch(zone, midnight);
    }

    private static string FormatDateTime(long time, ZoneId zone)
    {
        (long day, long nanos) = IsoTime.Local(time, TimeZones.OffsetNanos(zone, time));
        long seconds = nanos / NanosPerSecond;
        string date = IsoTime.LocalDate(day * MillisPerDay);
        return $"{date}T{seconds / 3600:D2}:{seconds % 3600 / 60:D2}:{seconds % 60:D2}.{Nanos(nanos % NanosPerSecond)}"
            + $" {TimeZones.ShortName(zone)}";
    }
}

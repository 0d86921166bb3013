using static Wharf.Tables.EngineType;
using static Wharf.Tables.TimeText;

namespace Wharf.Tables;

/// <summary>Methods of moments, dates, times of day and durations, as Java's classes have them.</summary>
internal static class TimeMethods
{
    private const long Minute = 60 * NanosPerSecond, Hour = 60 * Minute;

    private static readonly EngineType Day = EngineType.LocalDate, Clock = EngineType.LocalTime, Moment = EngineType.Instant;

    public static IEnumerable<Function> All =>
    [
        Of<int>("getYear", Day, Int, static date => At(date).Year), Of<int>("getMonthValue", Day, Int, static date => At(date).Month),
        Of<int>("getDayOfMonth", Day, Int, static date => At(date).Day), Of<int>("getDayOfYear", Day, Int, static date => At(date).DayOfYear),
        Of<object?>("getDayOfWeek", Day, EngineType.DayOfWeek, static date => new Weekday(At(date).DayOfWeek)),
        Of<int>("lengthOfMonth", Day, Int, static date => DateTime.DaysInMonth(At(date).Year, At(date).Month)),
        Of<sbyte>("isLeapYear", Day, EngineType.Boolean, static date => DateTime.IsLeapYear(At(date).Year) ? (sbyte)1 : (sbyte)0),
        Of<long>("toEpochDay", Day, Long, static date => date / MillisPerDay),
        Moved("plusWeeks", Day, static (date, count) => checked(date + (count * 7 * MillisPerDay))), Moved("plusMonths", Day, static (date, count) => Months(date, count)),
        Moved("plusYears", Day, static (date, count) => Months(date, checked(count * 12))), Moved("minusMonths", Day, static (date, count) => Months(date, -count)),
        Moved("minusYears", Day, static (date, count) => Months(date, checked(-count * 12))),

        Of<int>("getHour", Clock, Int, static time => (int)(time / Hour)), Of<int>("getMinute", Clock, Int, static time => (int)(time / Minute % 60)),
        Of<int>("getSecond", Clock, Int, static time => (int)(time / NanosPerSecond % 60)), Of<int>("getNano", Clock, Int, static time => (int)(time % NanosPerSecond)),
        Moved("plusHours", Clock, static (time, count) => Turned(time, count, Hour)), Moved("plusMinutes", Clock, static (time, count) => Turned(time, count, Minute)),
        Moved("plusSeconds", Clock, static (time, count) => Turned(time, count, NanosPerSecond)),

        Of<long>("toEpochMilli", Moment, Long, static time => Floor(time, 1_000_000)), Of<long>("getEpochSecond", Moment, Long, static time => Floor(time, NanosPerSecond)),
        Of<int>("getNano", Moment, Int, static time => (int)(time - (Floor(time, NanosPerSecond) * NanosPerSecond))),
        Moved("plusSeconds", Moment, static (time, count) => checked(time + (count * NanosPerSecond))), Moved("minusSeconds", Moment, static (time, count) => checked(time - (count * NanosPerSecond))),
        Moved("plusMillis", Moment, static (time, count) => checked(time + (count * 1_000_000))), Moved("minusMillis", Moment, static (time, count) => checked(time - (count * 1_000_000))),
        Moved("plusNanos", Moment, static (time, count) => checked(time + count)), Moved("minusNanos", Moment, static (time, count) => checked(time - count)),

        Moved("minusWeeks", Day, static (date, count) => checked(date - (count * 7 * MillisPerDay))),
        Of<int>("lengthOfYear", Day, Int, static date => DateTime.IsLeapYear(At(date).Year) ? 366 : 365),
        Moved("plusNanos", Clock, static (time, count) => Turned(time, count, 1)), Moved("minusNanos", Clock, static (time, count) => Turned(time, -count, 1)),
        Moved("minusHours", Clock, static (time, count) => Turned(time, -count, Hour)), Moved("minusMinutes", Clock, static (time, count) => Turned(time, -count, Minute)),
        Moved("minusSeconds", Clock, static (time, count) => Turned(time, -count, NanosPerSecond)),
        Of<int>("toSecondOfDay", Clock, Int, static time => (int)(time / NanosPerSecond)), Of<long>("toNanoOfDay", Clock, Long, static time => time),
        Function.Of<long, object, object?>(".atZone", Moment, EngineType.TimeZone, EngineType.ZonedDateTime, static (time, zone) => new ZonedMoment(time, (TimeZoneInfo)zone), NullRule.Refuse),
        Function.Of<long, long, sbyte>(".isEqual", Day, Day, EngineType.Boolean, static (a, b) => a == b ? (sbyte)1 : (sbyte)0, NullRule.Refuse),
        Function.Of<long, long, int>(".compareTo", Day, Day, Int, CompareDates, NullRule.Refuse),
        Function.Of<long, long, int>(".compareTo", Clock, Clock, Int, static (a, b) => a.CompareTo(b), NullRule.Refuse),
        Function.Of<long, long, int>(
            ".compareTo", Moment, Moment, Int, static (a, b) => Floor(a, NanosPerSecond) is var x && Floor(b, NanosPerSecond) is var y && x != y ? x.CompareTo(y) : (int)(a - b), NullRule.Refuse),
        .. TextAndEquality(Day, TimeText.LocalDate), .. TextAndEquality(Clock, TimeText.LocalTime), .. TextAndEquality(Moment, TimeText.Instant), .. TextAndEquality(EngineType.Duration, TimeText.Duration),
        .. new[] { EngineType.ZonedDateTime, EngineType.Period, EngineType.DayOfWeek, EngineType.LocalDateTime }.Select(static type =>
            Function.Of<object, string?>(".toString", type, EngineType.String, static value => JavaText.Of(value), NullRule.Refuse, canFail: true)),

        .. Order(Day), .. Order(Clock), .. Order(Moment),
    ];

    private static IEnumerable<Function> TextAndEquality(EngineType type, Func<long, string> text) =>
    [
        Function.Of<long, string?>(".toString", type, EngineType.String, text, NullRule.Refuse, canFail: true),
        Function.Of<long, long, sbyte>(".equals", type, type, EngineType.Boolean, static (a, b) => a == b ? (sbyte)1 : (sbyte)0, NullRule.Refuse),
    ];

    /// <summary>How far apart the years are, or the months, or the days.</summary>
    private static int CompareDates(long a, long b)
    {
        (DateTime x, DateTime y) = (At(a), At(b));
        return x.Year != y.Year ? x.Year - y.Year : x.Month != y.Month ? x.Month - y.Month : x.Day - y.Day;
    }

    private static IEnumerable<Function> Order(EngineType type) =>
    [
        Function.Of<long, long, sbyte>(".isBefore", type, type, EngineType.Boolean, static (a, b) => a < b ? (sbyte)1 : (sbyte)0, NullRule.Refuse),
        Function.Of<long, long, sbyte>(".isAfter", type, type, EngineType.Boolean, static (a, b) => a > b ? (sbyte)1 : (sbyte)0, NullRule.Refuse),
    ];

    private static Function Of<T>(string name, EngineType target, EngineType result, Func<long, T> body) => Function.Of("." + name, target, result, body, NullRule.Refuse, canFail: true);

    private static Function Moved(string name, EngineType type, Func<long, long, long> body) => Function.Of("." + name, type, Long, type, body, NullRule.Refuse, canFail: true);

    private static DateTime At(long millis) => DateOfDay(millis / MillisPerDay);

    private static long Months(long millis, long count) => (long)(At(millis).AddMonths(checked((int)count)) - DateTime.UnixEpoch).TotalMilliseconds;

    private static long Turned(long time, long count, long unit) => TimeFunctions.AddToClock(time, count % (NanosPerDay / unit) * unit);

    private static long Floor(long value, long unit) => (value / unit) - (value % unit < 0 ? 1 : 0);
}

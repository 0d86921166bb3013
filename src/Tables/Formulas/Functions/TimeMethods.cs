using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;
using static Wharf.Tables.Schemas.EngineType;
using static Wharf.Tables.Formulas.IsoTime;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>The methods of Java's classes of instants, dates, times of day and durations.</summary>
internal static class TimeMethods
{
    private const long Minute = 60 * NanosPerSecond, Hour = 60 * Minute;

    private static readonly EngineType Day = EngineType.LocalDate, Clock = EngineType.LocalTime, Moment = EngineType.Instant;

    public static IEnumerable<Function> All =>
    [
        Of<int>("getYear", Day, Int, static date => At(date).Year), Of<int>("getMonthValue", Day, Int, static date => At(date).Month),
        Of<int>("getDayOfMonth", Day, Int, static date => At(date).Day),
        Of<int>("getDayOfYear", Day, Int, static date => At(date).DayOfYear),
        Of<object?>("getDayOfWeek", Day, EngineType.DayOfWeek, static date => new Weekday(At(date).DayOfWeek)),
        Of<int>("lengthOfMonth", Day, Int, static date => DateTime.DaysInMonth(At(date).Year, At(date).Month)),
        Of<sbyte>("isLeapYear", Day, EngineType.Boolean, static date => DateTime.IsLeapYear(At(date).Year) ? (sbyte)1 : (sbyte)0),
        Of<long>("toEpochDay", Day, Long, static date => date / MillisPerDay),
        Adjust("plusWeeks", Day, static (date, count) => checked(date + (count * 7 * MillisPerDay))),
        Adjust("plusMonths", Day, static (date, count) => Months(date, count)),
        Adjust("plusYears", Day, static (date, count) => Months(date, checked(count * 12))),
        Adjust("minusMonths", Day, static (date, count) => Months(date, -count)),
        Adjust("minusYears", Day, static (date, count) => Months(date, checked(-count * 12))),

        Of<int>("getHour", Clock, Int, static time => (int)(time / Hour)),
        Of<int>("getMinute", Clock, Int, static time => (int)(time / Minute % 60)),
        Of<int>("getSecond", Clock, Int, static time => (int)(time / NanosPerSecond % 60)),
        Of<int>("getNano", Clock, Int, static time => (int)(time % NanosPerSecond)),
        Adjust("plusHours", Clock, static (time, count) => AddWrapping(time, count, Hour)),
        Adjust("plusMinutes", Clock, static (time, count) => AddWrapping(time, count, Minute)),
        Adjust("plusSeconds", Clock, static (time, count) => AddWrapping(time, count, NanosPerSecond)),

        Of<long>("toEpochMilli", Moment, Long, static time => Floor(time, 1_000_000)),
        Of<long>("getEpochSecond", Moment, Long, static time => Floor(time, NanosPerSecond)),
        Of<int>("getNano", Moment, Int, static time => (int)(time - (Floor(time, NanosPerSecond) * NanosPerSecond))),
        Adjust("plusSeconds", Moment, static (time, count) => checked(time + (count * NanosPerSecond))),
        Adjust("minusSeconds", Moment, static (time, count) => checked(time - (count * NanosPerSecond))),
        Adjust("plusMillis", Moment, static (time, count) => checked(time + (count * 1_000_000))),
        Adjust("minusMillis", Moment, static (time, count) => checked(time - (count * 1_000_000))),
        Adjust("plusNanos", Moment, static (time, count) => checked(time + count)),
        Adjust("minusNanos", Moment, static (time, count) => checked(time - count)),

        Adjust("minusWeeks", Day, static (date, count) => checked(date - (count * 7 * MillisPerDay))),
        Of<int>("lengthOfYear", Day, Int, static date => DateTime.IsLeapYear(At(date).Year) ? 366 : 365),
        Adjust("plusNanos", Clock, static (time, count) => AddWrapping(time, count, 1)),
        Adjust("minusNanos", Clock, static (time, count) => AddWrapping(time, -count, 1)),
        Adjust("minusHours", Clock, static (time, count) => AddWrapping(time, -count, Hour)),
        Adjust("minusMinutes", Clock, static (time, count) => AddWrapping(time, -count, Minute)),
        Adjust("minusSeconds", Clock, static (time, count) => AddWrapping(time, -count, NanosPerSecond)),
        Of<int>("toSecondOfDay", Clock, Int, static time => (int)(time / NanosPerSecond)),
        Of<long>("toNanoOfDay", Clock, Long, static time => time),
        Function.Of<long, object, object?>(
            ".atZone", Moment, EngineType.TimeZone, EngineType.ZonedDateTime, static (time, zone) => new ZonedInstant(time, (ZoneId)zone),
            NullRule.Refuse),
        Function.Of<long, long, sbyte>(
            ".isEqual", Day, Day, EngineType.Boolean, static (a, b) => a == b ? (sbyte)1 : (sbyte)0, NullRule.Refuse),
        Function.Of<long, long, int>(".compareTo", Day, Day, Int, CompareDates, NullRule.Refuse),
        Function.Of<long, long, int>(".compareTo", Clock, Clock, Int, static (a, b) => a.CompareTo(b), NullRule.Refuse),
        Function.Of<long, long, int>(
            ".compareTo", Moment, Moment, Int,
            static (a, b) => Floor(a, NanosPerSecond) is var x && Floor(b, NanosPerSecond) is var y && x != y
            ? x.CompareTo(y)
            : (int)(a - b), NullRule.Refuse),
        .. TextAndEquality(Day, IsoTime.LocalDate), .. TextAndEquality(Clock, IsoTime.LocalTime),
        .. TextAndEquality(Moment, IsoTime.Instant), .. TextAndEquality(EngineType.Duration, IsoTime.Duration),
        .. new[] { EngineType.ZonedDateTime, EngineType.Period, EngineType.DayOfWeek, EngineType.LocalDateTime }.Select(static type =>
            Function.Of<object, string?>(
                ".toString", type, EngineType.String, static value => JavaText.Of(value), NullRule.Refuse, canFail: true)),

        Adjust("withDayOfMonth", Day, static (date, day) => Of(At(date).Year, At(date).Month, day)),
        Adjust("withMonth", Day, static (date, month) => ClampDay(At(date).Year, month, At(date).Day)),
        Adjust("withYear", Day, static (date, year) => ClampDay(year, At(date).Month, At(date).Day)),
        Adjust("withDayOfYear", Day,
            static (date, day) => Of(At(date).Year, 1, 1) + ((CheckRange(day, 1, DaysOfYear(date)) - 1) * MillisPerDay)),
        Adjust("withHour", Clock, static (time, hour) => (CheckRange(hour, 0, 23) * Hour) + (time % Hour)),
        Adjust("withMinute", Clock, static (time, minute) => (time / Hour * Hour) + (CheckRange(minute, 0, 59) * Minute) + (time % Minute)),
        Adjust("withSecond", Clock,
            static (time, second) => (time / Minute * Minute) + (CheckRange(second, 0, 59) * NanosPerSecond) + (time % NanosPerSecond)),
        Adjust("withNano", Clock,
            static (time, nano) => (time / NanosPerSecond * NanosPerSecond) + CheckRange(nano, 0, NanosPerSecond - 1)),
        Function.Of<long, long, object?>(
            ".atTime", Day, Clock, EngineType.LocalDateTime, static (date, time) => new LocalTimestamp(checked((date * 1_000_000) + time)),
            NullRule.Refuse, canFail: true),
        Function.Of<long, long, object?>(
            ".atDate", Clock, Day, EngineType.LocalDateTime, static (time, date) => new LocalTimestamp(checked((date * 1_000_000) + time)),
            NullRule.Refuse, canFail: true),
        Of<object?>("atStartOfDay", Day, EngineType.LocalDateTime, static date => new LocalTimestamp(checked(date * 1_000_000))),

        .. Order(Day), .. Order(Clock), .. Order(Moment),
    ];

    /// <summary>
    /// The methods of zoned instants that dates, times of day or instants have, too. Date arithmetic keeps the local time.
    /// </summary>
    public static IEnumerable<Function> OfZoned =>
    [
        .. All.Where(
            static function => function.Parameters.Length == 1 && function.Name.StartsWith(".get", StringComparison.Ordinal)
            && (function.Parameters[0] == Day || function.Parameters[0] == Clock)).Select(OfPart),
        .. new[] { ".plusDays", ".plusWeeks", ".plusMonths", ".plusYears", ".minusDays", ".minusWeeks", ".minusMonths", ".minusYears",
            ".withDayOfMonth", ".withMonth", ".withYear", ".withDayOfYear" }.Select(static name =>
            OfDate(name, All.Concat(TimeFunctions.All).First(function => function.Name == name && function.Parameters[0] == Day))),
        MovedInstant("Hours", Hour), MovedInstant("Minutes", Minute), MovedInstant("Seconds", NanosPerSecond), MovedInstant("Nanos", 1),
        MovedInstant("Hours", -Hour), MovedInstant("Minutes", -Minute), MovedInstant("Seconds", -NanosPerSecond), MovedInstant("Nanos", -1),
        Function.Of<object, long>(".toLocalDate", EngineType.ZonedDateTime, Day, static time => Local(time).Date, NullRule.Refuse),
        Function.Of<object, long>(".toLocalTime", EngineType.ZonedDateTime, Clock, static time => Local(time).Clock, NullRule.Refuse),
        Function.Of<object, object?>(
            ".toLocalDateTime", EngineType.ZonedDateTime, EngineType.LocalDateTime, static time => Local(time), NullRule.Refuse),
        Function.Of<object, object, object?>(
            ".withZoneSameInstant", EngineType.ZonedDateTime, EngineType.TimeZone, EngineType.ZonedDateTime,
            static (time, zone) => ((ZonedInstant)time) with { Zone = (ZoneId)zone }, NullRule.Refuse),
    ];

    private static LocalTimestamp Local(object time) =>
        time is ZonedInstant at ? new LocalTimestamp(at.EpochNanos + TimeZones.OffsetNanos(at.Zone, at.EpochNanos))
            : throw new FormulaError("the value has no time zone");

    /// <summary>Applies a method of a date or a time of day to that part of a zoned instant.</summary>
    private static Function OfPart(Function function)
    {
        bool isDate = function.Parameters[0] == Day;
        return new Function(function.Name, [EngineType.ZonedDateTime], function.Result, (_, arguments, context, position) => function.Bind(
            [new CallNode<object?, long>(
                function.Parameters[0], function.At(position), (Node<object?>)arguments[0],
                time => isDate ? Local(time!).Date : Local(time!).Clock)], context, position))
        {
            Nulls = function.Nulls, CanFail = function.CanFail,
        };
    }

    private static Function OfDate(string name, Function ofDate) =>
        Function.Of<object, long, object?>(name, EngineType.ZonedDateTime, Long, EngineType.ZonedDateTime, (time, count) =>
    {
        var at = (ZonedInstant)time;
        LocalTimestamp local = Local(at);
        Node[] arguments = [new ConstantNode<long>(Day, local.Date), new ConstantNode<long>(Long, count)];
        long date = ((Node<long>)ofDate.Bind(arguments, null, -1)).Read(new Frame(0, 1))[0];
        return new ZonedInstant(TimeZones.ToEpoch(at.Zone, checked((date * 1_000_000) + local.Clock)), at.Zone);
    }, NullRule.Refuse, canFail: true);

    private static Function MovedInstant(string unit, long nanos) => Function.Of<object, long, object?>(
        (nanos < 0 ? ".minus" : ".plus") + unit, EngineType.ZonedDateTime, Long, EngineType.ZonedDateTime,
        (time, count) => ((ZonedInstant)time) with { EpochNanos = checked(((ZonedInstant)time).EpochNanos + (count * nanos)) },
        NullRule.Refuse, canFail: true);

    private static long CheckRange(long value, long lowest, long highest) =>
        value >= lowest && value <= highest ? value : throw new FormulaError($"{value} is not between {lowest} and {highest}");

    private static long DaysOfYear(long date) => DateTime.IsLeapYear(At(date).Year) ? 366 : 365;

    private static long Of(long year, long month, long day) =>
        (long)(new DateTime((int)CheckRange(year, 1, 9999), (int)CheckRange(month, 1, 12),
            (int)CheckRange(day, 1, 31)) - DateTime.UnixEpoch).TotalMilliseconds;

    /// <summary>Returns a date whose day is limited to the length of the month.</summary>
    private static long ClampDay(long year, long month, long day) =>
        Of(year, month, Math.Min(day, DateTime.DaysInMonth((int)CheckRange(year, 1, 9999), (int)CheckRange(month, 1, 12))));

    private static IEnumerable<Function> TextAndEquality(EngineType type, Func<long, string> text) =>
    [
        Function.Of<long, string?>(".toString", type, EngineType.String, text, NullRule.Refuse, canFail: true),
        Function.Of<long, long, sbyte>(
            ".equals", type, type, EngineType.Boolean, static (a, b) => a == b ? (sbyte)1 : (sbyte)0, NullRule.Refuse),
    ];

    /// <summary>Returns the difference of the years, or of the months, or of the days.</summary>
    private static int CompareDates(long a, long b)
    {
        (DateTime x, DateTime y) = (At(a), At(b));
        return x.Year != y.Year ? x.Year - y.Year : x.Month != y.Month ? x.Month - y.Month : x.Day - y.Day;
    }

    private static IEnumerable<Function> Order(EngineType type) =>
    [
        Function.Of<long, long, sbyte>(
            ".isBefore", type, type, EngineType.Boolean, static (a, b) => a < b ? (sbyte)1 : (sbyte)0, NullRule.Refuse),
        Function.Of<long, long, sbyte>(
            ".isAfter", type, type, EngineType.Boolean, static (a, b) => a > b ? (sbyte)1 : (sbyte)0, NullRule.Refuse),
    ];

    private static Function Of<T>(string name, EngineType target, EngineType result, Func<long, T> body) =>
        Function.Of("." + name, target, result, body, NullRule.Refuse, canFail: true);

    private static Function Adjust(string name, EngineType type, Func<long, long, long> body) =>
        Function.Of("." + name, type, Long, type, body, NullRule.Refuse, canFail: true);

    private static DateTime At(long millis) => DateOfDay(millis / MillisPerDay);

    private static long Months(long millis, long count) =>
        (long)(At(millis).AddMonths(checked((int)count)) - DateTime.UnixEpoch).TotalMilliseconds;

    private static long AddWrapping(long time, long count, long unit) =>
        TimeFunctions.AddToClock(time, count % (NanosPerDay / unit) * unit);

    private static long Floor(long value, long unit) => (value / unit) - (value % unit < 0 ? 1 : 0);
}

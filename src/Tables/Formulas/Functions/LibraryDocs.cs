namespace Wharf.Tables.Formulas.Functions;

/// <summary>
/// The documentation of vector functions, exact arithmetic and calendar functions. <see cref="FunctionDocs"/> has the others and combines
/// them.
/// </summary>
internal static class LibraryDocs
{
    public static readonly IReadOnlyDictionary<string, FunctionDoc> Functions = new Dictionary<string, FunctionDoc>(StringComparer.Ordinal)
    {
        ["absAvg"] = new("The mean of the absolute values of the elements of a vector", "absAvg(new int[]{-1, 2})"),
        ["absSum"] = new("The sum of the absolute values of the elements of a vector", "absSum(new int[]{-1, 2})"),
        ["and"] = new("Whether all Booleans are true; a second value replaces null", "and(new boolean[]{true, false})"),
        ["array"] = new("The elements of a vector as an array", "array(A_)[0]"),
        ["binSearchIndex"] = new(
            "The index of a value in a sorted vector, or its insertion index; for equal elements any, the lowest or the highest",
            "binSearchIndex(new int[]{1, 3, 5}, 3, BS_ANY)"),
        ["concat"] = new("The concatenation of vectors of one type", "concat(new int[]{1}, new int[]{2})[1]"),
        ["containsNonFinite"] = new("Whether an element is infinite, NaN or null", "containsNonFinite(new double[]{1.0 / 0})"),
        ["cor"] = new("The correlation of two vectors", "cor(new int[]{1, 2, 3}, new int[]{2, 4, 6})"),
        ["countDistinct"] = new(
            "The number of distinct elements of a vector; a second value selects whether null counts", "countDistinct(new int[]{1, 1, 2})"),
        ["countNeg"] = new("The number of negative elements", "countNeg(new int[]{-1, 2})"),
        ["countPos"] = new("The number of positive elements", "countPos(new int[]{-1, 2})"),
        ["countZero"] = new("The number of elements that are zero", "countZero(new int[]{0, 2})"),
        ["cov"] = new("The covariance of two vectors", "cov(new int[]{1, 3}, new int[]{2, 6})"),
        ["cummax"] = new("The running maximum", "cummax(new int[]{1, 3, 2})[2]"),
        ["cummin"] = new("The running minimum", "cummin(new int[]{3, 1, 2})[2]"),
        ["cumprod"] = new("The running product", "cumprod(new int[]{2, 3})[1]"),
        ["cumsum"] = new("The running sum", "cumsum(new int[]{2, 3})[1]"),
        ["diff"] = new("The differences to the elements at an offset", "diff(1, new int[]{2, 5})[0]"),
        ["distinct"] = new(
            "The distinct elements in the order of their first occurrence; a second value selects whether null counts",
            "distinct(new int[]{1, 1, 2})[1]"),
        ["enlist"] = new("An array of the values", "enlist(1, 2)[1]"),
        ["firstIndexOf"] = new("The first index of a value in a vector; null if there is none", "firstIndexOf(5, new int[]{3, 5})"),
        ["forwardFill"] = new(
            "The elements of a vector, with each null replaced by the element before it", "forwardFill(new int[]{1, (int)null})[1]"),
        ["ifelse"] = new("The second value if the first is true, the third if it is false", "ifelse(1 < 2, 5, 6)"),
        ["ifelseObj"] = new("Like ifelse, for values that are not numbers", "ifelseObj(1 < 2, `a`, `b`)"),
        ["indexOfMax"] = new("The first index of the largest element", "indexOfMax(new int[]{1, 3, 2})"),
        ["indexOfMin"] = new("The first index of the smallest element", "indexOfMin(new int[]{3, 1, 2})"),
        ["median"] = new("The median", "median(new int[]{1, 5, 2})"),
        ["not"] = new("The negation of each Boolean", "not(new boolean[]{true})[0]"),
        ["nth"] = new("The element at a position; null out of bounds", "nth(1, new int[]{3, 5})"),
        ["or"] = new("Whether one of the Booleans is true; a second value replaces null", "or(new boolean[]{true, false})"),
        ["percentile"] = new("The percentile, given as a number from 0 to 1", "percentile(0.5, new int[]{1, 5, 2})"),
        ["product"] = new("The product of the elements of a vector", "product(new int[]{2, 3})"),
        ["rank"] = new("The indexes of the elements of a vector in sorted order", "rank(new int[]{3, 1, 2})[0]"),
        ["rankDescending"] = new("The indexes of the elements of a vector in descending order", "rankDescending(new int[]{3, 1, 2})[0]"),
        ["rawBinSearchIndex"] = new(
            "Like binSearchIndex, but -1 minus the insertion index if the value is not found",
            "rawBinSearchIndex(new int[]{1, 3}, 2, BS_ANY)"),
        ["reverse"] = new("The elements of a vector in reverse order", "reverse(new int[]{1, 2})[0]"),
        ["sort"] = new("The elements of a vector in sorted order; null first, NaN last", "sort(new int[]{2, 1})[0]"),
        ["sortDescending"] = new("The elements of a vector in descending order", "sortDescending(new int[]{1, 2})[0]"),
        ["std"] = new("The sample standard deviation", "std(new int[]{1, 3})"),
        ["ste"] = new("The standard error of the mean", "ste(new int[]{1, 3})"),
        ["tstat"] = new("The t-statistic", "tstat(new int[]{1, 3})"),
        ["var"] = new("The sample variance", "var(new int[]{1, 3})"),
        ["vec"] = new("The values as a vector", "vec(1, 2).size()"),
        ["wavg"] = new("The weighted mean of the elements of a vector", "wavg(new int[]{1, 4}, new int[]{2, 1})"),
        ["wste"] = new("The standard error of the weighted mean", "isNaN(wste(new int[]{1, 3}, new int[]{1, 2}))"),
        ["wstd"] = new("The weighted standard deviation", "isNaN(wstd(new int[]{1, 3}, new int[]{1, 2}))"),
        ["wsum"] = new("The weighted sum of the elements of a vector", "wsum(new int[]{1, 4}, new int[]{2, 1})"),
        ["wtstat"] = new("The weighted t-statistic", "isNaN(wtstat(new int[]{1, 3}, new int[]{1, 2}))"),
        ["wvar"] = new("The weighted variance", "wvar(new int[]{1, 3}, new int[]{1, 2})"),

        ["addExact"] = new("The sum; an error on overflow", "addExact(1, 2)"),
        ["decrementExact"] = new("The number minus one; an error on overflow", "decrementExact(2)"),
        ["incrementExact"] = new("The number plus one; an error on overflow", "incrementExact(2)"),
        ["multiplyExact"] = new("The product; an error on overflow", "multiplyExact(2, 3)"),
        ["negateExact"] = new("The negation; an error on overflow", "negateExact(2)"),
        ["subtractExact"] = new("The difference; an error on overflow", "subtractExact(3, 2)"),
        ["toByteExact"] = new("The number; an error if it does not fit into a byte", "toByteExact(5)"),
        ["toIntExact"] = new("The number as an int; an error if it does not fit", "toIntExact(5L)"),
        ["toShortExact"] = new("The number as a short; an error if it does not fit", "toShortExact(5L)"),
        ["castDouble"] = new("The number as a double; an error if it is not exact, unless the second value is false", "castDouble(5L)"),
        ["castInt"] = new("The number as an int; an error if it does not fit, unless the second value is false", "castInt(5L)"),
        ["castLong"] = new("The number as a long", "castLong(5)"),
        ["parseBoolean"] = new("Whether a string is `true`, case-insensitively", "parseBoolean(`TRUE`)"),
        ["parseUnsignedInt"] = new("Parses an unsigned int", "parseUnsignedInt(`5`)"),
        ["parseUnsignedLong"] = new("Parses an unsigned long", "parseUnsignedLong(`5`)"),
        ["compare"] = new(
            "-1, 0 or 1 if the first number is smaller than, equal to or larger than the second; null is the smallest, NaN the largest",
            "compare(1, 2)"),
        ["copySign"] = new("The absolute value of the first number with the sign of the second", "copySign(2.5, -1.0)"),
        ["getExponent"] = new("The exponent of a floating-point number", "getExponent(8.0)"),
        ["IEEEremainder"] = new("The remainder of the division by the IEEE 754 standard", "IEEEremainder(5.0, 3.0)"),
        ["nextAfter"] = new("The adjacent floating-point number in the direction of another", "nextAfter(1.0, 0.0) < 1"),
        ["nextDown"] = new("The next smaller floating-point number", "nextDown(1.0) < 1"),
        ["nextUp"] = new("The next larger floating-point number", "nextUp(1.0) > 1"),
        ["repeat"] = new("An array with a value repeated a number of times", "repeat(5, 3).length"),
        ["replaceIfNaN"] = new("The first number, or the second if the first is NaN", "replaceIfNaN(0.0 / 0, 1.5)"),
        ["replaceIfNonFinite"] = new(
            "The first number, or the second if the first is infinite, NaN or null", "replaceIfNonFinite(1.0 / 0, 1.5)"),
        ["replaceIfNullNaN"] = new("The first number, or the second if the first is NaN or null", "replaceIfNullNaN((double)null, 1.5)"),
        ["scalb"] = new("The number multiplied by a power of two", "scalb(1.5, 3)"),
        ["sequence"] = new("The numbers from the first to the second in steps of the third", "sequence(1, 9, 2)[4]"),
        ["ulp"] = new("The distance to the next floating-point number", "ulp(1.0) > 0"),

        [".toCharArray"] = new("The characters of a string", "`ab`.toCharArray()[1]"),
        [".codePointBefore"] = new("The character before an index", "`ab`.codePointBefore(1)"),
        [".contentEquals"] = new("Whether two strings are equal", "`a`.contentEquals(`a`)"),
        [".minusWeeks"] = new("A date minus a number of weeks", "`` + '2020-01-08'.minusWeeks(1)"),
        [".lengthOfYear"] = new("The number of days of the year of a date", "'2020-02-03'.lengthOfYear()"),
        [".minusHours"] = new("A time of day minus a number of hours, wrapping at midnight", "`` + '01:00'.minusHours(2)"),
        [".minusMinutes"] = new("A time of day minus a number of minutes", "`` + '00:01'.minusMinutes(2)"),
        [".toSecondOfDay"] = new("The second of the day of a time of day", "'00:01'.toSecondOfDay()"),
        [".toNanoOfDay"] = new("The nanosecond of the day of a time of day", "'00:00:01'.toNanoOfDay()"),
        [".atZone"] = new("An instant with a time zone", "`` + '2020-01-01T00:00:00Z'.atZone(timeZone(`UTC`))"),
        [".withDayOfMonth"] = new("The same month with another day", "`` + '2020-02-03'.withDayOfMonth(1)"),
        [".withDayOfYear"] = new("The same year with another day", "`` + '2020-02-03'.withDayOfYear(1)"),
        [".withMonth"] = new(
            "The same date in another month; the day is limited to the length of the month", "`` + '2020-01-31'.withMonth(2)"),
        [".withYear"] = new("The same date in another year", "`` + '2020-02-29'.withYear(2021)"),
        [".withHour"] = new("A time of day with another hour", "`` + '12:34'.withHour(1)"),
        [".withMinute"] = new("A time of day with another minute", "`` + '12:34'.withMinute(1)"),
        [".withSecond"] = new("A time of day with another second", "`` + '12:34'.withSecond(1)"),
        [".withNano"] = new("A time of day with another fraction of the second", "`` + '12:34'.withNano(1)"),
        [".atTime"] = new("A date with a time of day", "`` + '2020-01-01'.atTime('12:34')"),
        [".atDate"] = new("A time of day on a date", "`` + '12:34'.atDate('2020-01-01')"),
        [".atStartOfDay"] = new("The midnight at the start of a date", "`` + '2020-01-01'.atStartOfDay()"),
        [".toLocalDate"] = new("The date of a zoned instant", "`` + toZonedDateTime('2020-01-01T00:00:00Z', timeZone(`ET`)).toLocalDate()"),
        [".toLocalTime"] = new(
            "The time of day of a zoned instant", "`` + toZonedDateTime('2020-01-01T00:00:00Z', timeZone(`ET`)).toLocalTime()"),
        [".toLocalDateTime"] = new(
            "The date and time of day of a zoned instant",
            "`` + toZonedDateTime('2020-01-01T00:00:00Z', timeZone(`ET`)).toLocalDateTime()"),
        [".withZoneSameInstant"] = new(
            "A zoned instant in another zone",
            "`` + toZonedDateTime('2020-01-01T00:00:00Z', timeZone(`ET`)).withZoneSameInstant(timeZone(`UTC`))"),
        [".isEqual"] = new("Whether two dates are equal", "'2020-01-01'.isEqual('2020-01-01')"),

        ["epochAutoToEpochNanos"] = new(
            "Converts a count since 1970 to nanoseconds; its magnitude determines the unit", "epochAutoToEpochNanos(1577836800)"),
        ["epochAutoToInstant"] = new(
            "Converts a count since 1970 to an instant; its magnitude determines the unit", "`` + epochAutoToInstant(1577836800)"),
        ["epochAutoToZonedDateTime"] = new(
            "Like epochAutoToInstant, with a time zone", "`` + epochAutoToZonedDateTime(1577836800, timeZone(`UTC`))"),
        ["epochDays"] = new("The days since 1970", "epochDays('1970-01-05')"),
        ["epochDaysAsInt"] = new("The days since 1970 as an int", "epochDaysAsInt('1970-01-05')"),
        ["epochDaysAsIntToLocalDate"] = new("The date at a number of days since 1970", "`` + epochDaysAsIntToLocalDate(4)"),
        ["epochDaysToLocalDate"] = new("The date at a number of days since 1970", "`` + epochDaysToLocalDate(4)"),
        ["epochMicrosToZonedDateTime"] = new(
            "The instant at a number of microseconds since 1970, with a zone", "`` + epochMicrosToZonedDateTime(5, timeZone(`UTC`))"),
        ["epochMillisToZonedDateTime"] = new(
            "The instant at a number of milliseconds since 1970, with a zone", "`` + epochMillisToZonedDateTime(5, timeZone(`UTC`))"),
        ["epochNanosToZonedDateTime"] = new(
            "The instant at a number of nanoseconds since 1970, with a zone", "`` + epochNanosToZonedDateTime(5, timeZone(`UTC`))"),
        ["epochSecondsToZonedDateTime"] = new(
            "The instant at a number of seconds since 1970, with a zone", "`` + epochSecondsToZonedDateTime(5, timeZone(`UTC`))"),
        ["excelToInstant"] = new(
            "Converts a spreadsheet date in a time zone to an instant", "`` + excelToInstant(43831.5, timeZone(`UTC`))"),
        ["excelToZonedDateTime"] = new("Like excelToInstant, with the time zone", "`` + excelToZonedDateTime(43831.5, timeZone(`UTC`))"),
        ["toExcelTime"] = new(
            "Converts an instant to a spreadsheet date in a time zone", "toExcelTime('2020-01-01T12:00:00Z', timeZone(`UTC`))"),
        ["formatDurationNanos"] = new("Formats nanoseconds as hours, minutes and seconds", "formatDurationNanos(SECOND)"),
        ["microsOfDayToLocalTime"] = new("The time of day at a number of microseconds after midnight", "`` + microsOfDayToLocalTime(5)"),
        ["millisOfDayToLocalTime"] = new("The time of day at a number of milliseconds after midnight", "`` + millisOfDayToLocalTime(5)"),
        ["nanosOfDayToLocalTime"] = new("The time of day at a number of nanoseconds after midnight", "`` + nanosOfDayToLocalTime(5)"),
        ["multiply"] = new("A duration or a period multiplied by an integer", "`` + multiply('PT1S', 90)"),
        ["divide"] = new("A duration divided by an integer", "`` + divide('PT1S', 4)"),
        ["plusDays"] = new("A date, or a date with a time of day, plus a number of days", "`` + plusDays('2020-01-01', 5)"),
        ["minusDays"] = new("A date, or a date with a time of day, minus a number of days", "`` + minusDays('2020-01-06', 5)"),
        ["nowMillisResolution"] = new("Like now, in whole milliseconds", "nowMillisResolution() <= now()"),
        ["nowSystemMillisResolution"] = new("Like nowMillisResolution", "nowSystemMillisResolution() <= now()"),
        ["todayLocalDate"] = new("The current date, in UTC or in a time zone", "todayLocalDate() > '2020-01-01'"),
        ["toLocalDateTime"] = new(
            "The date and time of day of an instant in a time zone, or of a date and a time of day",
            "`` + toLocalDateTime('2020-01-01', '12:34')"),
        ["parseDurationNanosQuiet"] = new("Like parseDurationNanos, but null for invalid text", "isNull(parseDurationNanosQuiet(`x`))"),
        ["parseEpochNanosQuiet"] = new("Like parseEpochNanos, but null for invalid text", "isNull(parseEpochNanosQuiet(`x`))"),
        ["parseLocalDateTime"] = new("Parses a date with a time of day", "`` + parseLocalDateTime(`2020-01-01T12:34:56`)"),
        ["parseLocalDateTimeQuiet"] = new("Like parseLocalDateTime, but null for invalid text", "isNull(parseLocalDateTimeQuiet(`x`))"),
        ["parsePeriod"] = new("Parses a period", "`` + parsePeriod(`P1D`)"),
        ["parsePeriodQuiet"] = new("Like parsePeriod, but null for invalid text", "isNull(parsePeriodQuiet(`x`))"),
        ["parseTimeZone"] = new("Parses a time zone", "`` + parseTimeZone(`ET`)"),
        ["parseTimeZoneQuiet"] = new("Like parseTimeZone, but null if there is none", "isNull(parseTimeZoneQuiet(`x`))"),
        ["parseZonedDateTime"] = new("Parses an instant with a time zone", "`` + parseZonedDateTime(`2020-01-01T00:00:00 ET`)"),
        ["parseZonedDateTimeQuiet"] = new("Like parseZonedDateTime, but null for invalid text", "isNull(parseZonedDateTimeQuiet(`x`))"),
    };
}

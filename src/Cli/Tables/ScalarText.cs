using System.Globalization;
using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;

namespace Wharf.Cli.Tables;

/// <summary>Formats values that are neither nested nor encoded.</summary>
internal static class ScalarText
{
    /// <summary>Returns the text of a value that is not null, or null for an array of another type.</summary>
    public static string? Of(IArrowArray array, int index) => array switch
    {
        StringArray texts => texts.GetString(index),
        LargeStringArray texts => texts.GetString(index),
        StringViewArray texts => texts.GetString(index),
        BooleanArray booleans => booleans.GetValue(index) == true ? "true" : "false",
        TimestampArray stamps when stamps.Data.DataType is TimestampType type =>
            ArrowTimeText.Stamp(stamps.Values[index], type.Unit, isUtc: type.Timezone is { Length: > 0 }),
        Date32Array days => ArrowTimeText.Day(days.Values[index]),
        Date64Array days => ArrowTimeText.DayOfMilliseconds(days.Values[index]),
        Time32Array times => ArrowTimeText.Time(times.Values[index], ((Time32Type)times.Data.DataType).Unit),
        Time64Array times => ArrowTimeText.Time(times.Values[index], ((Time64Type)times.Data.DataType).Unit),
        DurationArray durations => ArrowTimeText.Duration(durations.Values[index], durations.DataType.Unit),
        YearMonthIntervalArray intervals => ArrowTimeText.Interval(intervals.Values[index]),
        DayTimeIntervalArray intervals => ArrowTimeText.Interval(intervals.Values[index]),
        MonthDayNanosecondIntervalArray intervals => ArrowTimeText.Interval(intervals.Values[index]),
        UInt16Array characters => Character((char)characters.Values[index]),
        FixedSizeBinaryArray values => Fixed(values, index),
        BinaryArray binary => Convert.ToBase64String(binary.GetBytes(index)),
        LargeBinaryArray binary => Convert.ToBase64String(binary.GetBytes(index)),
        BinaryViewArray binary => Convert.ToBase64String(binary.GetBytes(index)),
        _ => (Number(array, index) as IFormattable)?.ToString(null, CultureInfo.InvariantCulture),
    };

    /// <summary>Returns the number, or null for an array of another type. An unsigned 16-bit value is a character.</summary>
    public static object? Number(IArrowArray array, int index) => array switch
    {
        Int8Array numbers => numbers.Values[index],
        Int16Array numbers => numbers.Values[index],
        Int32Array numbers => numbers.Values[index],
        Int64Array numbers => numbers.Values[index],
        UInt8Array numbers => numbers.Values[index],
        UInt32Array numbers => numbers.Values[index],
        UInt64Array numbers => numbers.Values[index],
        // Readers disagree on the shortest text of a half-precision number; its value as a double is exact.
        HalfFloatArray numbers => (double)numbers.Values[index],
        FloatArray numbers => numbers.Values[index],
        DoubleArray numbers => numbers.Values[index],
        _ => null,
    };

    /// <summary>Writes control characters and lone surrogates as their codes.</summary>
    private static string Character(char value) => char.IsSurrogate(value) || char.IsControl(value)
        ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)value:X4}")
        : value.ToString();

    private static string Fixed(FixedSizeBinaryArray values, int index)
    {
        var bytes = values.GetBytes(index);
        return values.Data.DataType switch
        {
            Decimal32Type type => Decimal(bytes, type.Scale),
            Decimal64Type type => Decimal(bytes, type.Scale),
            Decimal128Type type => Decimal(bytes, type.Scale),
            Decimal256Type type => Decimal(bytes, type.Scale),
            _ => Convert.ToBase64String(bytes),
        };
    }

    private static string Decimal(ReadOnlySpan<byte> bytes, int scale)
    {
        var unscaled = new BigInteger(bytes);
        if (scale <= 0)
            return (unscaled * BigInteger.Pow(10, -scale)).ToString(CultureInfo.InvariantCulture);
        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return $"{(unscaled.Sign < 0 ? "-" : "")}{digits[..^scale]}.{digits[^scale..]}";
    }
}

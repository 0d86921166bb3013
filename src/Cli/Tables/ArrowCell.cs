using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Cli.Tables;

/// <summary>One value of an Arrow array, as text and as JSON.</summary>
internal static class ArrowCell
{
    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss";

    /// <summary>The value as text; null for a null.</summary>
    public static string? Text(IArrowArray array, int index) => array switch
    {
        _ when array.IsNull(index) => null,
        StringArray texts => texts.GetString(index),
        BooleanArray booleans => booleans.GetValue(index) == true ? "true" : "false",
        TimestampArray stamps => Stamp(stamps.Values[index], ((TimestampType)stamps.Data.DataType).Unit) + (((TimestampType)stamps.Data.DataType).Timezone is null ? "" : "Z"),
        Date32Array days => days.GetDateTime(index)!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Date64Array days => days.GetDateTime(index)!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Time64Array times => Time(times.Values[index], ((Time64Type)times.Data.DataType).Unit),
        Time32Array times => Time(times.Values[index], ((Time32Type)times.Data.DataType).Unit),
        DurationArray durations => durations.Values[index].ToString(CultureInfo.InvariantCulture),
        BinaryArray binary => Convert.ToBase64String(binary.GetBytes(index)),
        Decimal128Array decimals => decimals.GetString(index),
        Decimal256Array decimals => decimals.GetString(index),
        UInt16Array numbers when IsCharacter(numbers) => ((char)numbers.Values[index]).ToString(),
        DictionaryArray dictionary => Text(dictionary.Dictionary, Position(dictionary.Indices, index)),
        ListArray list => $"[{string.Join(", ", Items(list, index).Select(static item => item ?? "null"))}]",
        _ => Number(array, index) is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : $"({array.Data.DataType.Name})",
    };

    /// <summary>The value as JSON: numbers and booleans as such, lists as arrays, everything else as text.</summary>
    public static JsonNode? Json(IArrowArray array, int index) => array switch
    {
        _ when array.IsNull(index) => null,
        BooleanArray booleans => booleans.GetValue(index),
        ListArray list => new JsonArray([.. Slice(list, index, static (values, n) => Json(values, n))]),
        UInt16Array numbers when IsCharacter(numbers) => Text(array, index),
        DictionaryArray dictionary => Json(dictionary.Dictionary, Position(dictionary.Indices, index)),
        _ => Number(array, index) switch
        {
            null => Text(array, index),
            double number when !double.IsFinite(number) => Text(array, index),
            float number when !float.IsFinite(number) => Text(array, index),
            var number => JsonValue.Create(number),
        },
    };

    private static object? Number(IArrowArray array, int index) => array switch
    {
        Int8Array numbers => numbers.Values[index],
        Int16Array numbers => numbers.Values[index],
        Int32Array numbers => numbers.Values[index],
        Int64Array numbers => numbers.Values[index],
        UInt8Array numbers => numbers.Values[index],
        UInt16Array numbers => numbers.Values[index],
        UInt32Array numbers => numbers.Values[index],
        UInt64Array numbers => numbers.Values[index],
        FloatArray numbers => numbers.Values[index],
        DoubleArray numbers => numbers.Values[index],
        _ => null,
    };

    // Characters travel as their codes; Arrow has no type for them.
    private static bool IsCharacter(UInt16Array array) => array.Data.DataType is UInt16Type;

    private static int Position(IArrowArray indices, int index) => Convert.ToInt32(Number(indices, index), CultureInfo.InvariantCulture);

    private static IEnumerable<string?> Items(ListArray list, int index) => Slice(list, index, Text);

    private static IEnumerable<T> Slice<T>(ListArray list, int index, Func<IArrowArray, int, T> read)
    {
        var start = list.ValueOffsets[index];
        return Enumerable.Range(start, list.ValueOffsets[index + 1] - start).Select(n => read(list.Values, n));
    }

    /// <summary>With all digits that are there: .NET's own times end at 100 nanoseconds.</summary>
    private static string Stamp(long value, TimeUnit unit)
    {
        var (perSecond, digits) = Resolution(unit);
        var (seconds, fraction) = (Math.DivRem(value, perSecond, out var rest), rest);
        if (fraction < 0)
            (seconds, fraction) = (seconds - 1, fraction + perSecond);
        return seconds is >= -62_135_596_800 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToString(Instant, CultureInfo.InvariantCulture) + Fraction(fraction, digits)
            : value.ToString(CultureInfo.InvariantCulture);
    }

    private static string Time(long value, TimeUnit unit)
    {
        var (perSecond, digits) = Resolution(unit);
        return TimeSpan.FromSeconds(value / perSecond).ToString("hh':'mm':'ss", CultureInfo.InvariantCulture) + Fraction(value % perSecond, digits);
    }

    private static string Fraction(long fraction, int digits) => fraction == 0 ? "" : "." + fraction.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0').TrimEnd('0');

    private static (long PerSecond, int Digits) Resolution(TimeUnit unit) => unit switch
    {
        TimeUnit.Second => (1, 0),
        TimeUnit.Millisecond => (1_000, 3),
        TimeUnit.Microsecond => (1_000_000, 6),
        _ => (1_000_000_000, 9),
    };
}

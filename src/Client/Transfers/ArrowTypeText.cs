using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Client;

/// <summary>
/// Formats Arrow types with all of their parameters. Two types have the same text if an array of one can be read as the other.
/// </summary>
internal static class ArrowTypeText
{
    /// <summary>Returns the text, for example <c>timestamp[ns, UTC]</c> or <c>list&lt;decimal128(10, 2)&gt;</c>.</summary>
    public static string Of(IArrowType type) => type switch
    {
        TimestampType { Timezone: { Length: > 0 } zone } stamp => $"timestamp[{Unit(stamp.Unit)}, {zone}]",
        TimestampType stamp => $"timestamp[{Unit(stamp.Unit)}]",
        DurationType duration => $"duration[{Unit(duration.Unit)}]",
        Time32Type time => $"time32[{Unit(time.Unit)}]",
        Time64Type time => $"time64[{Unit(time.Unit)}]",
        IntervalType interval => $"interval[{Unit(interval.Unit)}]",
        Decimal32Type number => Decimal("decimal32", number.Precision, number.Scale),
        Decimal64Type number => Decimal("decimal64", number.Precision, number.Scale),
        Decimal128Type number => Decimal("decimal128", number.Precision, number.Scale),
        Decimal256Type number => Decimal("decimal256", number.Precision, number.Scale),
        FixedSizeBinaryType binary => string.Create(CultureInfo.InvariantCulture, $"fixed_size_binary[{binary.ByteWidth}]"),
        ListType list => $"list<{Of(list.ValueDataType)}>",
        LargeListType list => $"large_list<{Of(list.ValueDataType)}>",
        ListViewType list => $"list_view<{Of(list.ValueDataType)}>",
        LargeListViewType list => $"large_list_view<{Of(list.ValueDataType)}>",
        FixedSizeListType list =>
            string.Create(CultureInfo.InvariantCulture, $"fixed_size_list<{Of(list.ValueDataType)}>[{list.ListSize}]"),
        MapType map => $"map<{Of(map.KeyField.DataType)}, {Of(map.ValueField.DataType)}>",
        StructType record => $"struct<{Fields(record.Fields)}>",
        UnionType union => $"{(union.Mode == UnionMode.Dense ? "dense" : "sparse")}_union<{Members(union)}>",
        DictionaryType dictionary => $"dictionary<{Of(dictionary.IndexType)}, {Of(dictionary.ValueType)}>",
        RunEndEncodedType runs => $"run_end_encoded<{Of(runs.RunEndsDataType)}, {Of(runs.ValuesDataType)}>",
        ExtensionType extension => $"{extension.Name}<{Of(extension.StorageType)}>",
        _ => type.Name,
    };

    private static string Fields(IReadOnlyList<Apache.Arrow.Field> fields) =>
        string.Join(", ", fields.Select(static field => $"{field.Name}: {Of(field.DataType)}"));

    private static string Members(UnionType union) =>
        string.Join(
            ", ", union.Fields.Select((field, n) =>
                string.Create(CultureInfo.InvariantCulture, $"{union.TypeIds[n]} {field.Name}: {Of(field.DataType)}")));

    private static string Decimal(string name, int precision, int scale) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}({precision}, {scale})");

    private static string Unit(TimeUnit unit) => unit switch
    {
        TimeUnit.Second => "s",
        TimeUnit.Millisecond => "ms",
        TimeUnit.Microsecond => "us",
        _ => "ns",
    };

    private static string Unit(IntervalUnit unit) => unit switch
    {
        IntervalUnit.YearMonth => "year_month",
        IntervalUnit.DayTime => "day_time",
        _ => "month_day_nano",
    };
}

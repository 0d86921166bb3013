using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Tests;

/// <summary>Every Arrow type that can be uploaded, with its name in test output.</summary>
internal static class UploadableTypes
{
    private static readonly IArrowType[] Zoned =
        [.. new[] { TimeUnit.Second, TimeUnit.Millisecond, TimeUnit.Microsecond, TimeUnit.Nanosecond }
            .SelectMany(static unit => new[] { null, "UTC", "Asia/Tokyo", "+05:30" }.Select(zone => new TimestampType(unit, zone)))];

    private static readonly IArrowType[] Flat =
    [
        NullType.Default, BooleanType.Default, Int8Type.Default, Int16Type.Default, Int32Type.Default, Int64Type.Default,
        UInt8Type.Default, UInt16Type.Default, UInt32Type.Default, UInt64Type.Default,
        HalfFloatType.Default, FloatType.Default, DoubleType.Default, StringType.Default, LargeStringType.Default, StringViewType.Default,
        BinaryType.Default, LargeBinaryType.Default, BinaryViewType.Default, new FixedSizeBinaryType(3), Date32Type.Default, Date64Type.Default,
        TimeType.FromTimeUnit(TimeUnit.Second), TimeType.FromTimeUnit(TimeUnit.Millisecond), TimeType.FromTimeUnit(TimeUnit.Microsecond),
        TimeType.FromTimeUnit(TimeUnit.Nanosecond),
        DurationType.Second, DurationType.Millisecond, DurationType.Microsecond, DurationType.Nanosecond,
        new Decimal32Type(9, 2), new Decimal64Type(15, 2), new Decimal128Type(20, 2), new Decimal256Type(40, 2),
        IntervalType.YearMonth, IntervalType.DayTime, IntervalType.MonthDayNanosecond, .. Zoned,
    ];

    private static readonly IArrowType Map = new MapType(StringType.Default, Int32Type.Default);
    private static readonly IArrowType Text = Dictionary(StringType.Default);

    private static readonly IArrowType[] Nested =
        [Map, Union(UnionMode.Sparse, Int64Type.Default), Union(UnionMode.Dense, Int64Type.Default), List(Int32Type.Default), List(StringType.Default)];

    private static readonly IArrowType[] Encoded =
    [
        Text, Dictionary(List(Int32Type.Default)), Dictionary(List(Text)), Dictionary(new TimestampType(TimeUnit.Second, "Asia/Tokyo")),
        Dictionary(new Decimal128Type(5, 2)), Dictionary(BooleanType.Default),
        Dictionary(Map), Dictionary(Union(UnionMode.Sparse, Text)), Dictionary(new FixedSizeListType(Int32Type.Default, 2)),
        Dictionary(StringViewType.Default), Dictionary(new ListViewType(Int32Type.Default)),
        Dictionary(LargeStringType.Default), Dictionary(NullType.Default), Dictionary(new LargeListType(Int16Type.Default)),
        .. new IArrowType[] { UInt8Type.Default, Int16Type.Default, UInt16Type.Default, Int32Type.Default, UInt32Type.Default, Int64Type.Default, UInt64Type.Default }
            .Select(static index => new DictionaryType(index, StringType.Default, false)),
        Runs(Int16Type.Default, StringType.Default), Runs(Int32Type.Default, Int64Type.Default), Runs(Int64Type.Default, Text),
        Runs(Int32Type.Default, BooleanType.Default), Runs(Int32Type.Default, List(Text)),
        List(Runs(Int32Type.Default, StringType.Default)), new MapType(StringType.Default, Text), Union(UnionMode.Sparse, Text), Union(UnionMode.Dense, Text),
    ];

    private static readonly IArrowType[] Layouts =
    [
        .. new IArrowType[] { Int32Type.Default, StringType.Default, Int8Type.Default, Text }.SelectMany(static element => new IArrowType[]
        {
            new LargeListType(element), new ListViewType(element), new LargeListViewType(element), new FixedSizeListType(element, 2),
        }),
    ];

    /// <summary>The types, each with a unique name.</summary>
    public static readonly SortedDictionary<string, IArrowType> All = new(
        new[] { Flat, Nested, Encoded, Layouts, [.. Flat.Concat(Nested).Concat(Encoded).Select(List)] }
            .SelectMany(static types => types).DistinctBy(Shown).ToDictionary(Shown),
        StringComparer.Ordinal);

    private static IArrowType List(IArrowType element) => new ListType(element);

    private static IArrowType Dictionary(IArrowType value) => new DictionaryType(Int8Type.Default, value, false);

    private static IArrowType Runs(IArrowType ends, IArrowType value) => new RunEndEncodedType(ends, value);

    private static IArrowType Union(UnionMode mode, IArrowType first) =>
        new UnionType([new Field("0", first, true), new Field("1", StringType.Default, true)], [0, 1], mode);

    private static string Shown(IArrowType type) => type switch
    {
        TimestampType time => $"timestamp({time.Unit}, {time.Timezone})",
        TimeBasedType or DurationType or IntervalType => $"{type.Name}({Unit(type)})",
        DictionaryType dictionary => $"dictionary({Shown(dictionary.IndexType)}, {Shown(dictionary.ValueType)})",
        RunEndEncodedType runs => $"runs({Shown(runs.RunEndsDataType)}, {Shown(runs.ValuesDataType)})",
        UnionType union => $"{union.Mode} union({string.Join(", ", union.Fields.Select(static field => Shown(field.DataType)))})",
        MapType map => $"map({Shown(map.KeyField.DataType)}, {Shown(map.ValueField.DataType)})",
        NestedType nested => $"{type.TypeId}({string.Join(", ", nested.Fields.Select(static field => Shown(field.DataType)))})",
        _ => type.TypeId.ToString(),
    };

    private static string Unit(IArrowType type) => type switch
    {
        DurationType duration => duration.Unit.ToString(),
        IntervalType interval => interval.Unit.ToString(),
        TimeBasedType time => time.Unit.ToString(),
        _ => "",
    };
}

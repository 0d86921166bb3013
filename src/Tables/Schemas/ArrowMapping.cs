using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Schemas;

/// <summary>Maps between engine types and Arrow types.</summary>
internal static class ArrowMapping
{
    private static readonly TimestampType InstantType = new(TimeUnit.Nanosecond, "UTC");
    private static readonly Time64Type TimeOfDayType = new(TimeUnit.Nanosecond);

    /// <summary>Returns the Arrow type of computed columns of an engine type.</summary>
    public static IArrowType ToArrow(EngineType type) => type.Kind switch
    {
        EngineKind.Boolean => BooleanType.Default,
        EngineKind.Byte => Int8Type.Default,
        EngineKind.Short => Int16Type.Default,
        EngineKind.Char => UInt16Type.Default,
        EngineKind.Int => Int32Type.Default,
        EngineKind.Long => Int64Type.Default,
        EngineKind.Float => FloatType.Default,
        EngineKind.Double => DoubleType.Default,
        EngineKind.Instant or EngineKind.ZonedDateTime => InstantType,
        EngineKind.LocalDate => Date64Type.Default,
        EngineKind.LocalTime => TimeOfDayType,
        EngineKind.Duration => DurationType.Nanosecond,
        EngineKind.PeriodDuration => IntervalType.MonthDayNanosecond,
        EngineKind.BigInteger or EngineKind.BigDecimal or EngineKind.Binary => BinaryType.Default,
        EngineKind.Array => new ListType(new Field("", ToArrow(type.Component!), nullable: true)),
        _ => StringType.Default,
    };

    /// <summary>Returns the engine type of an uploaded column without type metadata.</summary>
    /// <returns>The type, or null if the engine does not support the Arrow type.</returns>
    public static EngineType? ToEngine(IArrowType type) => type switch
    {
        BooleanType => EngineType.Boolean,
        Int8Type => EngineType.Byte,
        Int16Type or UInt8Type => EngineType.Short,
        Int32Type => EngineType.Int,
        Int64Type or UInt32Type => EngineType.Long,
        UInt16Type => EngineType.Char,
        UInt64Type => EngineType.BigInteger,
        HalfFloatType or FloatType => EngineType.Float,
        DoubleType => EngineType.Double,
        StringType or LargeStringType or StringViewType => EngineType.String,
        Decimal32Type or Decimal64Type or Decimal128Type or Decimal256Type => EngineType.BigDecimal,
        BinaryType or LargeBinaryType or BinaryViewType or FixedSizeBinaryType => EngineType.Binary,
        Date32Type or Date64Type => EngineType.LocalDate,
        Time32Type or Time64Type => EngineType.LocalTime,
        TimestampType { Timezone: null or "" or "UTC" } => EngineType.Instant,
        TimestampType => EngineType.ZonedDateTime,
        DurationType => EngineType.Duration,
        IntervalType { Unit: IntervalUnit.YearMonth } => EngineType.Period,
        IntervalType { Unit: IntervalUnit.DayTime } => EngineType.Duration,
        IntervalType => EngineType.PeriodDuration,
        MapType => EngineType.Map,
        ListType list => ArrayOf(list.ValueDataType),
        LargeListType list => ArrayOf(list.ValueDataType),
        FixedSizeListType list => ArrayOf(list.ValueDataType),
        ListViewType list => ArrayOf(list.ValueDataType),
        LargeListViewType list => ArrayOf(list.ValueDataType),
        DictionaryType dictionary => ToEngine(dictionary.ValueType),
        UnionType or NullType => EngineType.Object,
        _ => null,
    };

    private static EngineType? ArrayOf(IArrowType element) => ToEngine(element)?.ArrayOf();
}

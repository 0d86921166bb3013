using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Scalars;
using Apache.Arrow.Types;
using Wharf.Tables.Formulas;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>Reads single values of an Arrow array as the engine's type, for columns that cannot be read in place.</summary>
internal static class ArrowValues
{
    private const long MillisPerDay = 86_400_000;

    public static Func<IArrowArray, int, T> Getter<T>(EngineType type, IArrowType arrowType)
    {
        if (arrowType is DictionaryType dictionary)
            return Dictionary(Getter<T>(type, dictionary.ValueType));
        Delegate getter = Find(type, arrowType) ?? (arrowType.TypeId == ArrowMapping.ToArrow(type).TypeId ? InPlace<T>() : null)
            ?? throw new FormulaError($"a column of type {type.ClassName} stored as {arrowType.Name} cannot be used in a formula");
        return getter as Func<IArrowArray, int, T>
            ?? throw new FormulaError($"a column of type {type.ClassName} stored as {arrowType.Name} cannot be used in a formula");
    }

    private static Delegate? Find(EngineType type, IArrowType arrowType) => (type.Kind, arrowType) switch
    {
        (EngineKind.Boolean, BooleanType) =>
            Of<sbyte>(static (array, n) => ((BooleanArray)array).GetValue(n) is true ? (sbyte)1 : (sbyte)0),
        (EngineKind.Short, UInt8Type) => Of<short>(static (array, n) => Value<byte>(array, n)),
        (EngineKind.Long, UInt32Type) => Of<long>(static (array, n) => Value<uint>(array, n)),
        (EngineKind.Float, HalfFloatType) => Of<float>(static (array, n) => (float)Value<Half>(array, n)),
        (EngineKind.Instant, TimestampType { Unit: var unit }) => ReadInt64(Nanos(unit)),
        (EngineKind.Duration, DurationType { Unit: var unit }) => ReadInt64(Nanos(unit)),
        (EngineKind.Duration, IntervalType { Unit: IntervalUnit.DayTime }) =>
            Of<long>(static (array, n) => DayTime(Value<DayTimeInterval>(array, n))),
        (EngineKind.LocalTime, Time64Type { Unit: var unit }) => ReadInt64(Nanos(unit)),
        (EngineKind.LocalTime, Time32Type { Unit: var unit }) => ReadInt32(Nanos(unit)),
        (EngineKind.LocalDate, Date32Type) => ReadInt32(MillisPerDay),
        (EngineKind.ZonedDateTime, TimestampType { Unit: var unit, Timezone: var zone }) => Zoned(Nanos(unit), zone),
        (EngineKind.String, StringType) => Of<string?>(static (array, n) => ((StringArray)array).GetString(n)),
        (EngineKind.String, LargeStringType) => Of<string?>(static (array, n) => ((LargeStringArray)array).GetString(n)),
        (EngineKind.String, StringViewType) => Of<string?>(static (array, n) => ((StringViewArray)array).GetString(n)),
        (EngineKind.BigInteger, UInt64Type) => Of<object?>(static (array, n) => new BigInteger(Value<ulong>(array, n))),
        (EngineKind.BigInteger, BinaryType) =>
            Of<object?>(static (array, n) => new BigInteger(((BinaryArray)array).GetBytes(n), isUnsigned: false, isBigEndian: true)),
        (EngineKind.Binary, BinaryType) => Of<object?>(static (array, n) => Bytes(((BinaryArray)array).GetBytes(n))),
        (EngineKind.Binary, LargeBinaryType) => Of<object?>(static (array, n) => Bytes(((LargeBinaryArray)array).GetBytes(n))),
        (EngineKind.Binary, BinaryViewType) => Of<object?>(static (array, n) => Bytes(((BinaryViewArray)array).GetBytes(n))),
        (EngineKind.Binary, FixedSizeBinaryType) =>
            Of<object?>(static (array, n) => Bytes(((Apache.Arrow.Arrays.FixedSizeBinaryArray)array).GetBytes(n))),
        (EngineKind.BigDecimal, FixedSizeBinaryType) => BigNumberValues.Decimals(arrowType),
        (EngineKind.BigDecimal, BinaryType) => Of<object?>(BigNumberValues.Stored),
        (EngineKind.Array or EngineKind.Binary, NestedType) when type.Component is { } component => ListValues.Find(component, arrowType),
        (_, StringType) when type.Kind is EngineKind.Object or EngineKind.DayOfWeek or EngineKind.LocalDateTime
            or EngineKind.SearchAlgorithm
            or EngineKind.RoundingMode => Of<object?>(static (array, n) => ((StringArray)array).GetString(n)),
        (_, NullType) => Of<object?>(static (_, _) => null),
        _ => StoredObjects.Find(type, arrowType),
    };

    private static Func<IArrowArray, int, T> Of<T>(Func<IArrowArray, int, T> getter) => getter;

    private static Func<IArrowArray, int, long> ReadInt64(long factor) => (array, n) => InNanos(Value<long>(array, n), factor);

    private static Func<IArrowArray, int, long> ReadInt32(long factor) => (array, n) => Value<int>(array, n) * factor;

    // Formulas compute in nanoseconds. The column keeps values outside of that range.
    private static long InNanos(long value, long factor)
    {
        Int128 nanos = (Int128)value * factor;
        return nanos > long.MinValue && nanos <= long.MaxValue
            ? (long)nanos
            : throw new FormulaError(
                $"the value {value}, counted in units of {factor} ns, is outside of the range of formulas"
                + " (1677-09-21 to 2262-04-11, or 292 years)");
    }

    private static Func<IArrowArray, int, object?> Zoned(long factor, string? zone)
    {
        ZoneId info = string.IsNullOrEmpty(zone)
            ? ZoneId.Utc
            : TimeZones.TryFindStored(zone) ?? throw new FormulaError($"the time zone {zone} of the column is unknown");
        return (array, n) => new ZonedInstant(InNanos(Value<long>(array, n), factor), info);
    }

    private static long DayTime(DayTimeInterval interval) =>
        InNanos((interval.Days * MillisPerDay) + interval.Milliseconds, Nanos(TimeUnit.Millisecond));

    private static Delegate? InPlace<T>() => default(T) switch
    {
        sbyte => Of(Value<sbyte>),
        short => Of(Value<short>),
        char => Of(Value<char>),
        int => Of(Value<int>),
        long => Of(Value<long>),
        float => Of(Value<float>),
        double => Of(Value<double>),
        _ => null,
    };

    private static object Bytes(ReadOnlySpan<byte> bytes) => new ArrayVector<sbyte>(MemoryMarshal.Cast<byte, sbyte>(bytes).ToArray());

    private static Func<IArrowArray, int, T> Dictionary<T>(Func<IArrowArray, int, T> values) => (array, n) =>
    {
        var encoded = (DictionaryArray)array;
        int index = encoded.Indices switch
        {
            Int8Array a => a.GetValue(n)!.Value,
            UInt8Array a => a.GetValue(n)!.Value,
            Int16Array a => a.GetValue(n)!.Value,
            UInt16Array a => a.GetValue(n)!.Value,
            Int32Array a => a.GetValue(n)!.Value,
            UInt32Array a => checked((int)a.GetValue(n)!.Value),
            UInt64Array a => checked((int)a.GetValue(n)!.Value),
            Int64Array a => checked((int)a.GetValue(n)!.Value),
            _ => throw new FormulaError("a dictionary column with indices of this type cannot be used in a formula"),
        };
        return encoded.Dictionary.IsNull(index) ? Null<T>.Value : values(encoded.Dictionary, index);
    };

    private static T Value<T>(IArrowArray array, int index)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(array.Data.Buffers[1].Span)[array.Data.Offset + index];

    private static long Nanos(TimeUnit unit) => unit switch
    {
        TimeUnit.Second => 1_000_000_000,
        TimeUnit.Millisecond => 1_000_000,
        TimeUnit.Microsecond => 1_000,
        _ => 1,
    };
}

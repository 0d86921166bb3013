using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Scalars;
using Apache.Arrow.Types;
using Wharf.Tables.Formulas;
using Wharf.Tables.Formulas.Functions.Vectors;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>Reads values of Arrow types without own operations in formulas: intervals, maps and unions.</summary>
internal static class StoredObjects
{
    /// <summary>Finds the getter that reads a value as an object.</summary>
    /// <returns>The getter, or null for other types.</returns>
    /// <exception cref="FormulaError">A component of the type cannot be read.</exception>
    public static Func<IArrowArray, int, object?>? Find(EngineType type, IArrowType arrowType) => (type.Kind, arrowType) switch
    {
        (EngineKind.Period, IntervalType { Unit: IntervalUnit.YearMonth }) => static (array, n) => new Period(0, Value<int>(array, n), 0),
        (EngineKind.PeriodDuration, IntervalType { Unit: IntervalUnit.MonthDayNanosecond }) => static (array, n) =>
            Value<MonthDayNanosecondInterval>(array, n) is var interval
                ? new PeriodDuration(interval.Months, interval.Days, interval.Nanoseconds)
                : null,
        (EngineKind.Map, MapType map) => Maps(Objects(map.KeyField.DataType), Objects(map.ValueField.DataType)),
        (EngineKind.Object, UnionType union) => Unions([.. union.Fields.Select(static field => Objects(field.DataType))]),
        _ => null,
    };

    private static T Value<T>(IArrowArray array, int row)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(array.Data.Buffers[1].Span)[array.Data.Offset + row];

    /// <summary>Returns the getter of a value with its type and text; it returns null for null.</summary>
    private static Func<IArrowArray, int, StoredObject?> Objects(IArrowType type)
    {
        EngineType engine = ArrowMapping.ToEngine(type)
            ?? throw new FormulaError($"values stored as {type.Name} cannot be used in a formula");
        return engine.Dispatch(new ObjectOf(engine, type));
    }

    private readonly struct ObjectOf(EngineType engine, IArrowType stored) : IClrDispatch<Func<IArrowArray, int, StoredObject?>>
    {
        public Func<IArrowArray, int, StoredObject?> Invoke<T>()
        {
            EngineType type = engine;
            Func<IArrowArray, int, T> value = ArrowValues.Getter<T>(engine, stored);
            Func<T, string> text = Conversions.TextOf<T>(engine);
            return (array, n) => array.IsNull(n) || value(array, n) is not { } read || VectorCall.IsNull(read)
                ? null
                : read as StoredObject ?? new StoredObject(type, read, text(read));
        }
    }

    private static Func<IArrowArray, int, object?> Maps(
        Func<IArrowArray, int, StoredObject?> keys, Func<IArrowArray, int, StoredObject?> values)
    {
        (IArrowArray? Of, IArrowArray? Keys, IArrowArray? Values) parts = default;
        return (array, n) =>
        {
            if (!ReferenceEquals(array, parts.Of))
            {
                var stored = (StructArray)ArrowArrayFactory.BuildArray(array.Data.Children[0]);
                parts = (array, stored.Fields[0], stored.Fields[1]);
            }

            ReadOnlySpan<int> offsets = MemoryMarshal.Cast<byte, int>(array.Data.Buffers[1].Span)[(array.Data.Offset + n)..];
            var text = new StringBuilder("{");
            for (int entry = offsets[0]; entry < offsets[1]; entry++)
            {
                if (text.Length > 1)
                    text.Append(", ");
                text.Append(keys(parts.Keys!, entry)?.Text ?? "null").Append('=').Append(values(parts.Values!, entry)?.Text ?? "null");
            }

            string entries = text.Append('}').ToString();
            return new StoredObject(EngineType.Map, entries, entries);
        };
    }

    private static Func<IArrowArray, int, object?> Unions(Func<IArrowArray, int, StoredObject?>[] objects)
    {
        (IArrowArray? Of, UnionParts? Parts) known = default;
        return (array, n) =>
        {
            if (!ReferenceEquals(array, known.Of))
                known = (array, new UnionParts(array.Data));
            (int child, IArrowArray values, int row) = known.Parts!.Locate(n);
            return objects[child](values, row);
        };
    }
}

/// <summary>Locates the values of a union.</summary>
internal sealed class UnionParts
{
    private readonly ArrayData _data;
    private readonly IArrowArray[] _children;
    private readonly int[] _childOf = new int[sbyte.MaxValue + 1];
    private readonly bool _isDense;

    /// <summary>Reads the layout of a union.</summary>
    public UnionParts(ArrayData data)
    {
        var type = (UnionType)data.DataType;
        _data = data;
        _isDense = type.Mode == UnionMode.Dense;
        _children = [.. data.Children.Select(ArrowArrayFactory.BuildArray)];
        for (int n = 0; n < type.TypeIds.Length; n++)
            _childOf[type.TypeIds[n]] = n;
    }

    /// <summary>Locates a value.</summary>
    /// <param name="row">The row of the union.</param>
    /// <returns>The index of the child, its values, and the row of the child.</returns>
    public (int Child, IArrowArray Values, int Row) Locate(int row)
    {
        int at = _data.Offset + row;
        int child = _childOf[_data.Buffers[0].Span[at]];
        return (child, _children[child], _isDense ? MemoryMarshal.Cast<byte, int>(_data.Buffers[1].Span)[at] : at);
    }
}

/// <summary>A value with a type of its own, from a column of several types.</summary>
/// <param name="Type">The type.</param>
/// <param name="Value">The value, in the representation of its type.</param>
/// <param name="Text">The text, as in a string concatenation.</param>
internal sealed record StoredObject(EngineType Type, object Value, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>An interval of months, days and nanoseconds.</summary>
/// <param name="Months">The months.</param>
/// <param name="Days">The days.</param>
/// <param name="Nanos">The nanoseconds.</param>
internal sealed record PeriodDuration(int Months, int Days, long Nanos)
{
    /// <inheritdoc/>
    public override string ToString() => $"{new Period(0, Months, Days)} {IsoTime.Duration(Nanos)}";
}

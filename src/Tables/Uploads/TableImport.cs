using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Columns;
using Wharf.Tables.Formulas;
using Wharf.Tables.Schemas;
using Column = Wharf.Tables.Columns.Column;

namespace Wharf.Tables.Uploads;

/// <summary>Converts uploaded batches to a table.</summary>
internal static class TableImport
{
    public static ArrowTable Create(Schema schema, IReadOnlyList<RecordBatch> batches, bool isUpload = true)
    {
        try
        {
            return CreateTable(
                schema, batches, isUpload ? TableAttributes.OfUpload(schema.Metadata) : TableAttributes.OfNode(schema.Metadata));
        }
        catch (FormulaError error)
        {
            throw Invalid(error.Message);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or IndexOutOfRangeException or OverflowException
            or NotSupportedException or InvalidCastException)
        {
            throw new TableException(TableError.InvalidArgument, "the buffers of a column do not match its type", unreadable);
        }
    }

    private static ArrowTable CreateTable(Schema schema, IReadOnlyList<RecordBatch> batches, TableAttributes attributes)
    {
        long rows = 0;
        foreach (RecordBatch batch in batches)
        {
            if (batch.ColumnCount != schema.FieldsList.Count)
                throw Invalid($"a batch has {batch.ColumnCount} columns, the schema {schema.FieldsList.Count}");
            foreach (IArrowArray array in batch.Arrays)
            {
                if (array.Length != batch.Length)
                    throw Invalid($"a batch of {batch.Length} rows has a column of {array.Length}");
                if (UploadCheck.FindProblem(array.Data) is { } problem)
                    throw Invalid("a column " + problem);
            }

            rows += batch.Length;
        }

        // Legal names are kept; illegal names are replaced by unused ones. Duplicate names are rejected, because they would be ambiguous.
        var taken = schema.FieldsList.Select(static field => field.Name).Where(ColumnNames.IsLegal).ToHashSet(StringComparer.Ordinal);
        if (schema.FieldsList.CountBy(static field => field.Name)
            .FirstOrDefault(static name => name.Value > 1 || name.Key.Length == 0) is { Value: > 0 } wrong)
            throw Invalid(wrong.Key.Length == 0 ? "a column has no name" : $"{wrong.Value} columns are named '{wrong.Key}'");
        var columns = new List<KeyValuePair<string, Column>>(schema.FieldsList.Count);
        var plain = new PlainArrays();
        for (int n = 0; n < schema.FieldsList.Count; n++)
        {
            Field field = schema.FieldsList[n];
            string name = field.Name;
            if (!ColumnNames.IsLegal(name))
            {
                name = ColumnNames.Legalize(name, taken);
                taken.Add(name);
            }

            if (UploadCheck.FindProblem(field.DataType) is { } problem)
                throw Invalid($"column {field.Name} {problem}");
            IArrowType stored = PlainArrays.TypeOf(field.DataType);
            columns.Add(
                new(name, CreateColumn(TypeOf(field, stored), stored, [.. batches.Select(batch => Plain(plain, batch.Column(n)))], rows)));
        }

        if (attributes.Sortable?.FirstOrDefault(name => !columns.Exists(column => column.Key == name)) is { } missing)
            throw Invalid($"the table is sortable by a column that it does not have: '{missing}'");
        return new ArrowTable(columns, rows, TableShape.Of(attributes, attributes.HasUploadSchema ? schema.FieldsList : null));
    }

    private static Column CreateColumn(EngineType type, IArrowType arrowType, IArrowArray[] arrays, long rows)
    {
        switch (arrowType)
        {
            case NullType:
                return new ChunkedColumn(type, arrowType, [new NullArray(checked((int)rows))]);
            default:
                return new ChunkedColumn(type, arrowType, arrays.Select(array => WithSentinels(type, array)));
        }
    }

    private static IArrowArray Plain(PlainArrays plain, IArrowArray array) =>
        plain.Of(array.Data) is var data && ReferenceEquals(data, array.Data) ? array : ArrowArrayFactory.BuildArray(data);

    private static EngineType TypeOf(Field field, IArrowType stored)
    {
        if (field.HasMetadata && field.Metadata.TryGetValue(SchemaMetadata.Type, out string? className))
        {
            return EngineType.Find(className, field.Metadata.GetValueOrDefault(SchemaMetadata.ComponentType))
                ?? throw Invalid($"column {field.Name}: the class {className} is unknown");
        }

        return ArrowMapping.ToEngine(stored) ?? throw Invalid($"column {field.Name}: Arrow type {stored.Name} is not supported");
    }

    /// <summary>
    /// The engine represents null by a reserved value, which is also stored in the slots of Arrow nulls. If a null slot of an upload
    /// contains another value, or the reserved value occurs as data, the array is rewritten.
    /// </summary>
    private static IArrowArray WithSentinels(EngineType type, IArrowArray array) => array.Data.DataType switch
    {
        BooleanType when array.NullCount > 0 => ClearUnderNulls(array),
        Int8Type when type.Kind == EngineKind.Byte => Rewrite<sbyte>(array),
        Int16Type when type.Kind == EngineKind.Short => Rewrite<short>(array),
        UInt16Type when type.Kind == EngineKind.Char => Rewrite<char>(array),
        Int32Type when type.Kind == EngineKind.Int => Rewrite<int>(array),
        Int64Type or TimestampType or Time64Type or DurationType or Date64Type => Rewrite<long>(array),
        FloatType => Rewrite<float>(array),
        DoubleType => Rewrite<double>(array),
        _ => ListNulls.Rewrite(type, array, WithSentinels),
    };

    private static IArrowArray ClearUnderNulls(IArrowArray array)
    {
        var truths = (BooleanArray)array;
        ulong[] values = Validity.NewBitmap(array.Length), valid = Validity.NewBitmap(array.Length);
        for (int n = 0; n < array.Length; n++)
        {
            values[n >> 6] |= (truths.GetValue(n) is true ? 1UL : 0) << n;
            valid[n >> 6] |= (truths.IsNull(n) ? 0UL : 1) << n;
        }

        return ArrowArrayFactory.BuildArray(
            new ArrayData(BooleanType.Default, array.Length, array.NullCount, 0, [Validity.Wrap(valid), Validity.Wrap(values)]));
    }

    private static IArrowArray Rewrite<T>(IArrowArray array)
        where T : unmanaged
    {
        ArrayData data = array.Data;
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(data.Buffers[1].Span);
        values = values.Slice(data.Offset, data.Length);
        T nullValue = Null<T>.Value;
        if (array.NullCount == 0 && Validity.Of(values).Nulls == 0)
            return array;

        bool same = true;
        EqualityComparer<T> equality = EqualityComparer<T>.Default;
        for (int n = 0; n < values.Length && same; n++)
            same = equality.Equals(values[n], nullValue) == array.IsNull(n);
        if (same)
            return array;

        byte[] copy = MemoryMarshal.AsBytes(values).ToArray();
        Span<T> rewritten = MemoryMarshal.Cast<byte, T>(copy.AsSpan());
        for (int n = 0; n < rewritten.Length; n++)
        {
            if (array.IsNull(n))
                rewritten[n] = nullValue;
        }

        (ArrowBuffer validity, int nulls) = Validity.Of<T>(rewritten);
        return ArrowArrayFactory.BuildArray(new ArrayData(data.DataType, data.Length, nulls, 0, [validity, new ArrowBuffer(copy)]));
    }

    private static TableException Invalid(string message) => new(TableError.InvalidArgument, message);
}

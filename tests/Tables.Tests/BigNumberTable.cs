using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Big;

namespace Wharf.Tables.Tests;

/// <summary>The recorded table of big numbers, and computed values in the recorded form.</summary>
internal static class BigNumberTable
{
    public static ArrowTable Load()
    {
        var fields = new List<Field>();
        var arrays = new List<IArrowArray>();
        foreach (JsonElement column in GoldenTable.Load("big-table.json").EnumerateArray())
        {
            string?[] values = [.. column.GetProperty("values").EnumerateArray().Select(static value => value.ValueKind == JsonValueKind.Null ? null : value.ToString())];
            IArrowArray array = Build(column.GetProperty("type").GetString()!, values);
            arrays.Add(array);
            fields.Add(new Field(column.GetProperty("name").GetString()!, array.Data.DataType, true));
        }

        var schema = new Schema(fields, null);
        return ArrowTable.FromBatches(schema, [new RecordBatch(schema, arrays, arrays[0].Length)]);
    }

    /// <summary>A column of values as their texts.</summary>
    public static IArrowArray Build(string type, string?[] values)
    {
        if (!type.StartsWith("decimal", StringComparison.Ordinal))
            return Plain(type, values);
        int[] numbers = [.. type["decimal".Length..].TrimEnd(')').Split('(', ',').Select(static text => int.Parse(text, CultureInfo.InvariantCulture))];
        IArrowType arrow = numbers[0] switch
        {
            32 => new Decimal32Type(numbers[1], numbers[2]),
            64 => new Decimal64Type(numbers[1], numbers[2]),
            128 => new Decimal128Type(numbers[1], numbers[2]),
            _ => new Decimal256Type(numbers[1], numbers[2]),
        };
        return FixedWidth(arrow, values, numbers[0] / 8, (text, bytes) =>
        {
            BigInteger unscaled = BigDecimal.Parse(text)!.Value.WithScale(numbers[2], Rounding.Unnecessary).Unscaled;
            bytes.Fill(unscaled.Sign < 0 ? (byte)0xFF : (byte)0);
            unscaled.TryWriteBytes(bytes, out _);
        });
    }

    private static IArrowArray Plain(string type, string?[] values) => type switch
    {
        "uint64" =>
            FixedWidth(
                UInt64Type.Default, values, 8, static (text, bytes) => BitConverter.TryWriteBytes(bytes, ulong.Parse(text, CultureInfo.InvariantCulture))),
        "long" =>
            FixedWidth(Int64Type.Default, values, 8, static (text, bytes) => BitConverter.TryWriteBytes(bytes, long.Parse(text, CultureInfo.InvariantCulture))),
        "instant" =>
            FixedWidth(
                new TimestampType(TimeUnit.Nanosecond, "UTC"), values, 8, static (text, bytes) =>
                    BitConverter.TryWriteBytes(bytes, long.Parse(text, CultureInfo.InvariantCulture))),
        "int" =>
            FixedWidth(Int32Type.Default, values, 4, static (text, bytes) => BitConverter.TryWriteBytes(bytes, int.Parse(text, CultureInfo.InvariantCulture))),
        "short" =>
            FixedWidth(
                Int16Type.Default, values, 2, static (text, bytes) => BitConverter.TryWriteBytes(bytes, short.Parse(text, CultureInfo.InvariantCulture))),
        "char" =>
            FixedWidth(
                UInt16Type.Default, values, 2, static (text, bytes) => BitConverter.TryWriteBytes(bytes, ushort.Parse(text, CultureInfo.InvariantCulture))),
        "byte" => FixedWidth(Int8Type.Default, values, 1, static (text, bytes) => bytes[0] = (byte)sbyte.Parse(text, CultureInfo.InvariantCulture)),
        "float" =>
            FixedWidth(
                FloatType.Default, values, 4,
                static (text, bytes) => BitConverter.TryWriteBytes(bytes, (float)double.Parse(text, CultureInfo.InvariantCulture))),
        "double" =>
            FixedWidth(
                DoubleType.Default, values, 8, static (text, bytes) => BitConverter.TryWriteBytes(bytes, double.Parse(text, CultureInfo.InvariantCulture))),
        "bool" =>
            values.Aggregate(
                new BooleanArray.Builder(), static (builder, text) => text is null ? builder.AppendNull() : builder.Append(text == "True")).Build(),
        _ => new StringArray.Builder().AppendRange(values).Build(),
    };

    private delegate void Write(string text, Span<byte> bytes);

    private static IArrowArray FixedWidth(IArrowType type, string?[] values, int width, Write write)
    {
        byte[] bytes = new byte[values.Length * width];
        var valid = new ArrowBuffer.BitmapBuilder(values.Length);
        for (int n = 0; n < values.Length; n++)
        {
            valid.Append(values[n] is not null);
            if (values[n] is { } text)
                write(text, bytes.AsSpan(n * width, width));
        }

        return ArrowArrayFactory.BuildArray(
            new ArrayData(type, values.Length, values.Count(static value => value is null), 0, [valid.Build(), new ArrowBuffer(bytes)]));
    }

    /// <summary>A computed column: its type and its values.</summary>
    public static string Computed(ArrowTable table, string column)
    {
        int position = table.Schema.GetFieldIndex(column, StringComparer.Ordinal);
        string type = table.Schema.FieldsList[position].Metadata["deephaven:type"];
        IEnumerable<string> values = table.ReadBatches()
            .SelectMany(batch => Enumerable.Range(0, batch.Length).Select(row => Value(batch.Column(position), row, type)));
        return type + " [" + string.Join(", ", values) + "]";
    }

    private static string Value(IArrowArray array, int row, string type)
    {
        if (array.IsNull(row))
            return "null";
        if (array is ListArray lists)
            return "[" + string.Join(", ", Enumerable.Range(0, lists.GetValueLength(row)).Select(n => Value(lists.GetSlicedValues(row), n, type[..^2]))) + "]";
        if (array is UInt64Array whole)
            return whole.GetValue(row)!.Value.ToString(CultureInfo.InvariantCulture);
        if (array.Data.DataType is FixedSizeBinaryType)
            return Text((BigDecimal)BigNumberValues.Decimals(array.Data.DataType)!(array, row)!);
        return array switch
        {
            BinaryArray bytes when type == "java.math.BigInteger" =>
                new BigInteger(bytes.GetBytes(row), isUnsigned: false, isBigEndian: true).ToString(CultureInfo.InvariantCulture),
            BinaryArray bytes when type == "java.math.BigDecimal" =>
                Text(new BigDecimal(new BigInteger(bytes.GetBytes(row)[4..], isUnsigned: false, isBigEndian: true), BitConverter.ToInt32(bytes.GetBytes(row)))),
            BinaryArray bytes and not StringArray => Convert.ToHexStringLower(bytes.GetBytes(row)),
            _ => GoldenTable.Value(array, row),
        };
    }

    private static string Text(BigDecimal number) => number.StripZeros() is var stripped ? $"{stripped.Unscaled}e{-stripped.Scale}" : "";
}

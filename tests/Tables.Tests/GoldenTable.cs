using System.Globalization;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Tests;

/// <summary>The recorded input tables, and values in the form in which answers were recorded.</summary>
internal static class GoldenTable
{
    public static JsonElement Load(string file) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", file))).RootElement;

    public static ArrowTable Named(string name)
    {
        var fields = new List<Field>();
        var arrays = new List<IArrowArray>();
        foreach (JsonElement column in Load("tables.json").GetProperty(name).EnumerateArray())
        {
            string type = column.GetProperty("type").GetString()!;
            JsonElement[] values = [.. column.GetProperty("values").EnumerateArray()];
            IArrowArray array = Build(type, values);
            arrays.Add(array);
            fields.Add(new Field(column.GetProperty("name").GetString()!, array.Data.DataType, true, new Dictionary<string, string> { ["deephaven:type"] = type }));
        }

        var schema = new Schema(fields, null);
        return ArrowTable.FromBatches(schema, [new RecordBatch(schema, arrays, arrays[0].Length)]);
    }

    private static IArrowArray Build(string type, JsonElement[] values)
    {
        switch (type)
        {
            case "byte": return Fill(new Int8Array.Builder(), values, static v => v.GetSByte(), static (b, v) => b.Append(v), static b => b.AppendNull()).Build();
            case "short": return Fill(new Int16Array.Builder(), values, static v => v.GetInt16(), static (b, v) => b.Append(v), static b => b.AppendNull()).Build();
            case "char": return Fill(new UInt16Array.Builder(), values, static v => v.GetUInt16(), static (b, v) => b.Append(v), static b => b.AppendNull()).Build();
            case "int": return Fill(new Int32Array.Builder(), values, static v => v.GetInt32(), static (b, v) => b.Append(v), static b => b.AppendNull()).Build();
            case "long": return Fill(new Int64Array.Builder(), values, static v => v.GetInt64(), static (b, v) => b.Append(v), static b => b.AppendNull()).Build();
            case "float": return Fill(new FloatArray.Builder(), values, static v => (float)Number(v), static (b, v) => b.Append(v), static b => b.AppendNull()).Build();
            case "double": return Fill(new DoubleArray.Builder(), values, Number, static (b, v) => b.Append(v), static b => b.AppendNull()).Build();
            case "java.lang.Boolean": return Fill(new BooleanArray.Builder(), values, static v => v.GetBoolean(), static (b, v) => b.Append(v), static b => b.AppendNull()).Build();
            case "java.lang.String": return Fill(new StringArray.Builder(), values, static v => v.GetString()!, static (b, v) => b.Append(v), static b => b.AppendNull()).Build();
            case "java.time.Instant":
                Int64Array nanos = Fill(new Int64Array.Builder(), values, static v => v.GetInt64(), static (b, v) => b.Append(v), static b => b.AppendNull()).Build();
                return ArrowArrayFactory.BuildArray(
                    new ArrayData(new TimestampType(TimeUnit.Nanosecond, "UTC"), nanos.Length, nanos.NullCount, 0, nanos.Data.Buffers));
            default: throw new ArgumentException(type);
        }
    }

    private static TBuilder Fill<TBuilder, T>(TBuilder builder, JsonElement[] values, Func<JsonElement, T> read, Action<TBuilder, T> append, Action<TBuilder> appendNull)
    {
        foreach (JsonElement value in values)
        {
            if (value.ValueKind == JsonValueKind.Null)
                appendNull(builder);
            else
                append(builder, read(value));
        }

        return builder;
    }

    private static double Number(JsonElement value) => value.GetString() switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        var text => double.Parse(text!, CultureInfo.InvariantCulture),
    };

    /// <summary>An answer as it was recorded, but with numbers instead of their texts, so that both sides are written alike.</summary>
    public static string Recorded(JsonElement answer)
    {
        if (answer.TryGetProperty("error", out _))
            return "error";
        string type = answer.GetProperty("type").GetString()!;
        return type + " [" + string.Join(", ", answer.GetProperty("values").EnumerateArray().Select(value => Recorded(type, value))) + "]";
    }

    /// <summary>One recorded value in that form.</summary>
    public static string Recorded(string type, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "[" + string.Join(", ", value.EnumerateArray().Select(element => Recorded(type, element))) + "]",
        JsonValueKind.String when type is "double" or "double[]" or "io.deephaven.vector.DoubleVector" => Written(Number(value)),
        JsonValueKind.String when type is "float" or "float[]" or "io.deephaven.vector.FloatVector" => Written((float)Number(value)),
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };

    /// <summary>A computed column in the same form.</summary>
    public static string Computed(ArrowTable table, string column)
    {
        int position = table.Schema.GetFieldIndex(column, StringComparer.Ordinal);
        string type = table.Schema.FieldsList[position].Metadata["deephaven:type"];
        IEnumerable<string> values = table.ReadBatches()
            .SelectMany(batch => Enumerable.Range(0, batch.Length).Select(row => Value(batch.Column(position), row)));
        return type + " [" + string.Join(", ", values) + "]";
    }

    /// <summary>One value in the same form.</summary>
    public static string Value(IArrowArray array, int row)
    {
        if (array.IsNull(row))
            return "null";
        return array switch
        {
            BooleanArray a => a.GetValue(row) is true ? "true" : "false",
            Int8Array a => Text(a.GetValue(row)),
            Int16Array a => Text(a.GetValue(row)),
            UInt16Array a => Text(a.GetValue(row)),
            Int32Array a => Text(a.GetValue(row)),
            Int64Array a => Text(a.GetValue(row)),
            FloatArray a => Written(a.GetValue(row)!.Value),
            DoubleArray a => Written(a.GetValue(row)!.Value),
            TimestampArray a => Text(a.GetValue(row)),
            Date64Array a => Text(a.GetValue(row)),
            Time64Array a => Text(a.GetValue(row)),
            DurationArray a => Text(a.GetValue(row)),
            StringArray a => a.GetString(row),
            ListArray a => "[" + string.Join(", ", Enumerable.Range(0, a.GetValueLength(row)).Select(n => Value(a.GetSlicedValues(row), n))) + "]",
            _ => throw new ArgumentException(array.GetType().Name),
        };
    }

    private static string Text<T>(T value) => string.Create(CultureInfo.InvariantCulture, $"{value}");

    private static string Written(double value) => double.IsNaN(value) ? "NaN" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Written(float value) => float.IsNaN(value) ? "NaN" : value.ToString("R", CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Cli.Tables;

/// <summary>Formats the values of Arrow arrays as text and as JSON.</summary>
internal static class ArrowCell
{
    private static readonly JsonSerializerOptions OnOneLine = new(JsonSerializerOptions.Default) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns a value as text, nested values as JSON; null for a null.</summary>
    public static string? Text(IArrowArray array, int index)
    {
        (array, index) = Decoded(array, index);
        if (array.IsNull(index))
            return null;
        return array.Data.DataType is NestedType ? Json(array, index)?.ToJsonString(OnOneLine) ?? "null" : Scalar(array, index);
    }

    /// <summary>Returns a value as JSON: numbers and booleans as such, lists as arrays, structs as objects, other values as text.</summary>
    public static JsonNode? Json(IArrowArray array, int index)
    {
        (array, index) = Decoded(array, index);
        if (array.IsNull(index))
            return null;
        return array switch
        {
            BooleanArray booleans => booleans.GetValue(index),
            MapArray map =>
                new JsonArray(
                    [.. Items(map.ValueOffsets, index).Select(n => (JsonNode)new JsonObject { ["key"] = Json(map.Keys, n), ["value"] = Json(map.Values, n) })]),
            ListArray list => Array(list.Values, Items(list.ValueOffsets, index)),
            LargeListArray list => Array(list.Values, Items(list.ValueOffsets, index)),
            ListViewArray list => Array(list.Values, Enumerable.Range(list.ValueOffsets[index], list.Sizes[index])),
            LargeListViewArray list => Array(list.Values, Enumerable.Range(checked((int)list.ValueOffsets[index]), checked((int)list.Sizes[index]))),
            FixedSizeListArray list when list.Data.DataType is FixedSizeListType type =>
                Array(list.Values, Enumerable.Range((list.Offset + index) * type.ListSize, type.ListSize)),
            StructArray record => Object(record, index),
            UnionArray union => Member(union, index),
            _ => ScalarText.Number(array, index) switch
            {
                double number when !double.IsFinite(number) => Scalar(array, index),
                float number when !float.IsFinite(number) => Scalar(array, index),
                { } number => JsonValue.Create(number),
                null => Scalar(array, index),
            },
        };
    }

    /// <summary>Returns the reason why values of a type have no text; null if each value has one.</summary>
    public static string? FindProblem(IArrowType type) => type switch
    {
        StructType record when record.Fields.CountBy(static field => field.Name).Any(static name => name.Value > 1) =>
            "a struct has several fields with the same name",
        UnionType union when union.Fields.CountBy(static field => field.Name).Any(static name => name.Value > 1) => "a union has several members with the same name",
        NestedType nested => nested.Fields.Select(static field => FindProblem(field.DataType)).FirstOrDefault(static reason => reason is not null),
        DictionaryType dictionary => FindProblem(dictionary.ValueType),
        ExtensionType extension => FindProblem(extension.StorageType),
        _ => null,
    };

    /// <summary>Resolves dictionaries, runs and extension types to the array with the value.</summary>
    private static (IArrowArray Array, int Index) Decoded(IArrowArray array, int index)
    {
        while (true)
        {
            switch (array)
            {
                case DictionaryArray dictionary when !dictionary.IsNull(index):
                    (array, index) = (dictionary.Dictionary, Position(dictionary.Indices, index));
                    break;
                case RunEndEncodedArray runs:
                    (array, index) = (runs.Values, runs.FindPhysicalIndex(index));
                    break;
                case ExtensionArray extension:
                    array = extension.Storage;
                    break;
                default:
                    return (array, index);
            }
        }
    }

    private static string Scalar(IArrowArray array, int index) =>
        ScalarText.Of(array, index) ?? throw new CommandException(
            $"values of the Arrow type {array.Data.DataType.Name} cannot be formatted as text", advice: "--arrow supports all types");

    private static int Position(IArrowArray indices, int index) => indices is UInt16Array numbers
        ? numbers.Values[index]
        : Convert.ToInt32(ScalarText.Number(indices, index), CultureInfo.InvariantCulture);

    private static JsonArray Array(IArrowArray values, IEnumerable<int> items) => new([.. items.Select(n => Json(values, n))]);

    private static JsonObject Object(StructArray record, int index)
    {
        var fields = ((StructType)record.Data.DataType).Fields;
        var entry = new JsonObject();
        for (var n = 0; n < fields.Count; n++)
            entry.Add(fields[n].Name, Json(record.Fields[n], index));
        return entry;
    }

    /// <summary>Includes the name of the member: 1 as an integer and 1 as a decimal are different values of a union.</summary>
    private static JsonObject Member(UnionArray union, int index)
    {
        var type = union.Type;
        var member = System.Array.IndexOf(type.TypeIds, union.TypeIds[index]);
        var place = union is DenseUnionArray dense ? dense.ValueOffsets[index] : index;
        return new JsonObject { [type.Fields[member].Name] = Json(union.Fields[member], place) };
    }

    private static IEnumerable<int> Items(ReadOnlySpan<int> offsets, int index) => Enumerable.Range(offsets[index], offsets[index + 1] - offsets[index]);

    private static IEnumerable<int> Items(ReadOnlySpan<long> offsets, int index) =>
        Enumerable.Range(checked((int)offsets[index]), checked((int)(offsets[index + 1] - offsets[index])));
}

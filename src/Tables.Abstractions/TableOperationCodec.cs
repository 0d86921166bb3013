using System.Text.Json;
using System.Text.Json.Serialization;

namespace Wharf.Tables;

/// <summary>
/// The serialized form of a <see cref="TableOperation"/> between nodes: JSON, which the previous and the next version can read.
/// </summary>
public static class TableOperationCodec
{
    /// <summary>Writes an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>UTF-8 JSON.</returns>
    public static byte[] Write(TableOperation operation) =>
        JsonSerializer.SerializeToUtf8Bytes(operation, TableOperationJson.Default.TableOperation);

    /// <summary>Reads an operation.</summary>
    /// <param name="bytes">The output of <see cref="Write"/>, of this or another version.</param>
    /// <returns>The operation.</returns>
    /// <exception cref="TableException">The operation is unknown to this version (<see cref="TableError.Unimplemented"/>).</exception>
    public static TableOperation Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, TableOperationJson.Default.TableOperation)
                ?? throw new TableException(TableError.Unimplemented, "the table operation is empty");
        }
        catch (Exception broken) when (broken is JsonException or NotSupportedException)
        {
            throw new TableException(
                TableError.Unimplemented, "this version does not support the table operation: " + broken.Message, broken);
        }
    }
}

// A protobuf message is nested at most 100 levels deep, so every condition that arrived as one fits.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, MaxDepth = 512)]
[JsonSerializable(typeof(TableOperation))]
internal sealed partial class TableOperationJson : JsonSerializerContext;

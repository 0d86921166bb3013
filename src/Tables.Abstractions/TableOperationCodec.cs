using System.Text.Json;
using System.Text.Json.Serialization;

namespace Wharf.Tables;

/// <summary>The form in which a <see cref="TableOperation"/> crosses nodes: JSON, so that the version before and the version after can read it.</summary>
public static class TableOperationCodec
{
    /// <summary>Writes an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>UTF-8 JSON.</returns>
    public static byte[] Write(TableOperation operation) => JsonSerializer.SerializeToUtf8Bytes(operation, TableOperationJson.Default.TableOperation);

    /// <summary>Reads an operation.</summary>
    /// <param name="bytes">What <see cref="Write"/> made, here or in another version.</param>
    /// <returns>The operation.</returns>
    /// <exception cref="TableException">This version does not know the operation (<see cref="TableError.Unimplemented"/>).</exception>
    public static TableOperation Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, TableOperationJson.Default.TableOperation)
                ?? throw new TableException(TableError.Unimplemented, "the table operation is empty");
        }
        catch (Exception broken) when (broken is JsonException or NotSupportedException)
        {
            throw new TableException(TableError.Unimplemented, "this node does not know the table operation: " + broken.Message, broken);
        }
    }
}

// A protobuf message is at most a hundred levels deep, so conditions that came as one fit.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, MaxDepth = 512)]
[JsonSerializable(typeof(TableOperation))]
internal sealed partial class TableOperationJson : JsonSerializerContext;

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.WireProtocol;
using Wharf.Tables;

namespace Wharf.Grains.Tables;

/// <summary>
/// A table operation in a grain message. Between nodes it is serialized as the JSON of <see cref="TableOperationCodec"/>; within a node the same instance is
/// passed on and not serialized.
/// </summary>
public sealed class PortableOperation
{
    private readonly ReadOnlyMemory<byte> _json;
    private TableOperation? _operation;

    /// <summary>Creates a message from an operation.</summary>
    /// <param name="operation">The operation, which must not be changed afterwards.</param>
    public PortableOperation(TableOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        _operation = operation;
    }

    /// <summary>Creates a message from the JSON of another node.</summary>
    /// <param name="json">The result of <see cref="Write"/>, of this version or another; it is parsed later.</param>
    public PortableOperation(ReadOnlyMemory<byte> json) => _json = json;

    /// <summary>Returns the operation; parses it on the first call.</summary>
    /// <returns>The operation.</returns>
    /// <exception cref="TableException">UNIMPLEMENTED: this version does not support the operation.</exception>
    public TableOperation Read() => _operation ??= TableOperationCodec.Read(_json.Span);

    /// <summary>Returns the operation as JSON for another node.</summary>
    /// <returns>UTF-8 JSON.</returns>
    public ReadOnlyMemory<byte> Write() => _json.IsEmpty ? TableOperationCodec.Write(_operation!) : _json;
}

/// <summary>Writes the JSON in the wire format of a field of bytes.</summary>
[RegisterSerializer]
internal sealed class PortableOperationCodec : IFieldCodec<PortableOperation>
{
    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, [AllowNull] Type expectedType, [AllowNull] PortableOperation value)
        where TBufferWriter : IBufferWriter<byte> =>
        ReadOnlyMemoryOfByteCodec.WriteField(ref writer, fieldIdDelta, value!.Write());

    public PortableOperation ReadValue<TInput>(ref Reader<TInput> reader, Field field) => new(ReadOnlyMemoryOfByteCodec.ReadValue(ref reader, field));
}

/// <summary>Returns the same instance as the copy: an operation never changes.</summary>
[RegisterCopier]
internal sealed class PortableOperationCopier : IDeepCopier<PortableOperation>
{
    [return: NotNullIfNotNull(nameof(input))]
    public PortableOperation? DeepCopy(PortableOperation? input, CopyContext context) => input;
}

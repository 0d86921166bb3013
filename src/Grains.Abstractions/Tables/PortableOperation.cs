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
/// A table operation on its way through the cluster. From node to node it goes as the JSON of <see cref="TableOperationCodec"/>; within a node it is handed on as it is, and
/// nothing is written or read.
/// </summary>
public sealed class PortableOperation
{
    private readonly ReadOnlyMemory<byte> _json;
    private TableOperation? _operation;

    /// <summary>Sends an operation on its way.</summary>
    /// <param name="operation">The operation; nobody changes its parts any more.</param>
    public PortableOperation(TableOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        _operation = operation;
    }

    /// <summary>Takes one that came from elsewhere.</summary>
    /// <param name="json">What <see cref="Write"/> made, of this version or another; it is not looked at yet.</param>
    public PortableOperation(ReadOnlyMemory<byte> json) => _json = json;

    /// <summary>The operation.</summary>
    /// <returns>The operation.</returns>
    /// <exception cref="TableException">UNIMPLEMENTED: this version does not know it.</exception>
    public TableOperation Read() => _operation ??= TableOperationCodec.Read(_json.Span);

    /// <summary>The operation for another node.</summary>
    /// <returns>UTF-8 JSON.</returns>
    public ReadOnlyMemory<byte> Write() => _json.IsEmpty ? TableOperationCodec.Write(_operation!) : _json;
}

/// <summary>Writes the JSON as bytes, no different from a field that was bytes all along.</summary>
[RegisterSerializer]
internal sealed class PortableOperationCodec : IFieldCodec<PortableOperation>
{
    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, [AllowNull] Type expectedType, [AllowNull] PortableOperation value)
        where TBufferWriter : IBufferWriter<byte> =>
        ReadOnlyMemoryOfByteCodec.WriteField(ref writer, fieldIdDelta, value!.Write());

    public PortableOperation ReadValue<TInput>(ref Reader<TInput> reader, Field field) => new(ReadOnlyMemoryOfByteCodec.ReadValue(ref reader, field));
}

/// <summary>An operation never changes, so a copy is the same.</summary>
[RegisterCopier]
internal sealed class PortableOperationCopier : IDeepCopier<PortableOperation>
{
    [return: NotNullIfNotNull(nameof(input))]
    public PortableOperation? DeepCopy(PortableOperation? input, CopyContext context) => input;
}

using System.Buffers;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Memory;
using Apache.Arrow.Types;
using Grpc.Core;
using Wharf.Protocol.Grpc.Flight;

namespace Wharf.Client;

/// <summary>
/// Reads the batches of a download with dictionaries. Arrow's Flight reader does not support dictionaries; its stream reader does.
/// </summary>
internal sealed class DictionaryBatches : IAsyncStreamReader<RecordBatch>
{
    private readonly IAsyncStreamReader<FlightData> _messages;
    private readonly Pending _pending = new();
    private readonly ArrowStreamReader _reader;

    public DictionaryBatches(IAsyncStreamReader<FlightData> messages)
    {
        _messages = messages;
        _reader = new(_pending, new ManagedMemory(), leaveOpen: true);
    }

    public RecordBatch Current { get; private set; } = null!;

    /// <summary>Returns whether a column, or a part of one, is dictionary-encoded.</summary>
    public static bool AreIn(Schema schema) => schema.FieldsList.Any(static field => AreIn(field.DataType));

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        while (await _messages.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            var message = _messages.Current;
            if (message.DataHeader.IsEmpty)
                continue;
            _pending.Append(IpcMessage.Head(message.DataHeader.Span), message.DataBody.Span);
            // The schema and dictionaries are read with the batch that follows.
            if (IpcMessage.Read(message.DataHeader.Span).Kind != IpcMessageKind.RecordBatch)
                continue;
            Current = _reader.ReadNextRecordBatch() ?? throw new InvalidDataException("a batch has no rows to read");
            _pending.SetLength(0);
            return true;
        }

        return false;
    }

    private static bool AreIn(IArrowType type) => type switch
    {
        DictionaryType => true,
        NestedType nested => nested.Fields.Any(static field => AreIn(field.DataType)),
        ExtensionType extension => AreIn(extension.StorageType),
        _ => false,
    };

    /// <summary>
    /// Allocates managed memory, which the garbage collector reclaims: dictionaries and memory pinned by other libraries outlive their
    /// batch.
    /// </summary>
    private sealed class ManagedMemory : MemoryAllocator
    {
        protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
        {
            bytesAllocated = length;
            return new Owner(new byte[length]);
        }

        private sealed class Owner(byte[] bytes) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory => bytes;

            public void Dispose()
            {
            }
        }
    }

    /// <summary>
    /// The unread messages. The buffer is hidden, because Arrow's reader would read only its content at construction.
    /// </summary>
    private sealed class Pending : MemoryStream
    {
        public override bool TryGetBuffer(out ArraySegment<byte> buffer)
        {
            buffer = default;
            return false;
        }

        public void Append(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
        {
            var at = Position;
            Position = Length;
            Write(head);
            Write(body);
            Position = at;
        }
    }
}

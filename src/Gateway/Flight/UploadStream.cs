using Grpc.Core;
using Wharf.Grains;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Flight;

/// <summary>An upload as the stream that Arrow's reader reads: each frame with the prefix and the padding that it has in a file.</summary>
internal sealed class UploadStream(IAsyncStreamReader<FlightFrame> frames, FlightFrame first) : Stream
{
    private readonly Queue<ReadOnlyMemory<byte>> _pieces = new();
    private readonly Wire.FlightDescriptor? _descriptor = first.Descriptor;
    private FlightFrame? _first = first;
    private bool _sawSchema;
    private long _position;

    /// <summary>Whether the schema has come.</summary>
    public bool SawSchema => _sawSchema;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        while (_pieces.Count == 0)
        {
            if (!await NextAsync(cancellationToken))
                return 0;
        }
        var piece = _pieces.Peek();
        int taken = Math.Min(piece.Length, buffer.Length);
        piece[..taken].CopyTo(buffer);
        _pieces.Dequeue();
        if (taken < piece.Length)
            PutBack(piece[taken..]);
        _position += taken;
        return taken;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("an upload is read asynchronously");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        var frame = _first;
        _first = null;
        if (frame is null)
        {
            if (!await frames.MoveNext(cancellationToken))
                return false;
            frame = frames.Current;
            if (frame.Descriptor is { } other && !other.Equals(_descriptor))
                throw TableUploads.ChangesDescriptor();
        }
        if (!frame.Header.IsEmpty)
            Add(frame);
        return true;
    }

    private void Add(FlightFrame frame)
    {
        var (kind, bodyLength) = IpcMessages.Read(frame.Header.Span);
        if (kind is not (IpcMessages.Kind.Schema or IpcMessages.Kind.DictionaryBatch or IpcMessages.Kind.RecordBatch))
            throw Refused($"Arrow messages of kind {(int)kind} cannot be uploaded");
        if (kind == IpcMessages.Kind.Schema && _sawSchema)
            return;
        if (kind != IpcMessages.Kind.Schema && !_sawSchema)
            throw Refused("A batch came before the schema");
        if (bodyLength != frame.BodyLength)
            throw Refused($"A body has {frame.BodyLength} bytes, its header says {bodyLength}");
        _sawSchema = true;

        int padded = IpcMessages.Pad(frame.Header.Length);
        var head = new byte[IpcMessages.PrefixLength + padded];
        IpcMessages.WritePrefix(head, frame.Header.Length);
        frame.Header.CopyTo(head.AsMemory(IpcMessages.PrefixLength));
        _pieces.Enqueue(head);
        foreach (var piece in frame.Body)
            _pieces.Enqueue(piece);
    }

    // A frame has few pieces: its head and its body.
    private void PutBack(ReadOnlyMemory<byte> rest)
    {
        int others = _pieces.Count;
        _pieces.Enqueue(rest);
        for (; others > 0; others--)
            _pieces.Enqueue(_pieces.Dequeue());
    }

    private static FaultException Refused(string text) => new(FaultCode.InvalidArgument, text);
}

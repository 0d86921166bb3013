namespace Wharf.Gateway.Flight;

/// <summary>Splits the output of Arrow's writer into frames. It copies the headers, because the writer reuses their memory, and refers to the bodies.</summary>
internal sealed class FrameRecorder : Stream
{
    private static readonly byte[] Zeros = new byte[64];

    private readonly List<FlightFrame> _frames = [];
    private readonly byte[] _prefix = new byte[IpcMessages.PrefixLength];
    private int _prefixLength;
    private byte[]? _header;
    private int _headerLength;
    private long _bodyLeft;
    private List<ReadOnlyMemory<byte>> _body = [];
    private long _position;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _position;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Returns and removes the complete frames.</summary>
    public IReadOnlyList<FlightFrame> Take()
    {
        var frames = _frames.ToArray();
        _frames.Clear();
        return frames;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Record(buffer, isStable: true);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Record(buffer.AsMemory(offset, count), isStable: false);
        return Task.CompletedTask;
    }

    public override void Write(byte[] buffer, int offset, int count) => Record(buffer.AsMemory(offset, count), isStable: false);

    public override void Write(ReadOnlySpan<byte> buffer) => Record(buffer.ToArray(), isStable: true);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Record(ReadOnlyMemory<byte> bytes, bool isStable)
    {
        _position += bytes.Length;
        while (!bytes.IsEmpty)
        {
            int taken = _header is null ? TakePrefix(bytes.Span) : _headerLength < _header.Length ? TakeHeader(bytes.Span) : TakeBody(bytes, isStable);
            bytes = bytes[taken..];
        }
    }

    private int TakePrefix(ReadOnlySpan<byte> bytes)
    {
        int taken = Math.Min(bytes.Length, _prefix.Length - _prefixLength);
        bytes[..taken].CopyTo(_prefix.AsSpan(_prefixLength));
        _prefixLength += taken;
        if (_prefixLength == _prefix.Length)
        {
            _header = new byte[IpcMessages.ReadPrefix(_prefix)];
            _headerLength = 0;
        }
        return taken;
    }

    private int TakeHeader(ReadOnlySpan<byte> bytes)
    {
        int taken = Math.Min(bytes.Length, _header!.Length - _headerLength);
        bytes[..taken].CopyTo(_header.AsSpan(_headerLength));
        _headerLength += taken;
        if (_headerLength == _header.Length)
        {
            _bodyLeft = IpcMessages.Read(_header).BodyLength;
            if (_bodyLeft == 0)
                Finish();
        }
        return taken;
    }

    private int TakeBody(ReadOnlyMemory<byte> bytes, bool isStable)
    {
        int taken = (int)Math.Min(bytes.Length, _bodyLeft);
        var piece = bytes[..taken];
        _body.Add(taken < IpcMessages.Alignment && piece.Span.IndexOfAnyExcept((byte)0) < 0 ? Zeros.AsMemory(0, taken) : isStable ? piece : piece.ToArray());
        _bodyLeft -= taken;
        if (_bodyLeft == 0)
            Finish();
        return taken;
    }

    private void Finish()
    {
        _frames.Add(new FlightFrame { Header = _header!, Body = _body });
        _header = null;
        _prefixLength = 0;
        _body = [];
    }
}

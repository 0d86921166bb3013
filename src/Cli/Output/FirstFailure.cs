namespace Wharf.Cli.Output;

/// <summary>
/// Passes everything to another stream and keeps the first error, whatever the writer above makes of it. After an error nothing more is written. Arrow's file writer wants a stream that can
/// seek, for its position alone; this one has a position, whatever is below it.
/// </summary>
internal sealed class FirstFailure(Stream inner) : Stream
{
    private long _position;

    /// <summary>The first error of the stream, if there was one.</summary>
    public IOException? Failure { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => _position;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Failure is not null)
            throw Failure;
        try
        {
            inner.Write(buffer);
            _position += buffer.Length;
        }
        catch (IOException failed)
        {
            Failure = failed;
            throw;
        }
    }

    public override void Flush()
    {
        try
        {
            inner.Flush();
        }
        catch (IOException failed)
        {
            Failure ??= failed;
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

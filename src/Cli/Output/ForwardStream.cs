namespace Wharf.Cli.Output;

/// <summary>A write-only stream that counts its bytes. Writers of file formats read its position.</summary>
internal abstract class ForwardStream : Stream
{
    private long _position;

    public sealed override bool CanRead => false;

    public override bool CanSeek => false;

    public sealed override bool CanWrite => true;

    public sealed override long Length => _position;

    public sealed override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public sealed override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public sealed override void Write(ReadOnlySpan<byte> buffer)
    {
        WriteAll(buffer);
        _position += buffer.Length;
    }

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Writes all of the bytes.</summary>
    protected abstract void WriteAll(ReadOnlySpan<byte> bytes);
}

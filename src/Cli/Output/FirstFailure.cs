namespace Wharf.Cli.Output;

/// <summary>
/// Writes to another stream and keeps the first error, which writers of file formats wrap or lose. After an error it fails further writes.
/// </summary>
internal sealed class FirstFailure(Stream inner) : ForwardStream
{
    /// <summary>The first error of the stream, if there was one.</summary>
    public IOException? Failure { get; private set; }

    // Arrow's file writer requires a stream that can seek, and reads only its position.
    public override bool CanSeek => true;

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

    protected override void WriteAll(ReadOnlySpan<byte> bytes)
    {
        if (Failure is not null)
            throw Failure;
        try
        {
            inner.Write(bytes);
        }
        catch (IOException failed)
        {
            Failure = failed;
            throw;
        }
    }
}

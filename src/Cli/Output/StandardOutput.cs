using System.Runtime.InteropServices;

namespace Wharf.Cli.Output;

/// <summary>The reader of standard output has closed it, as <c>head</c> does when it has enough lines.</summary>
internal sealed class ClosedOutputException() : IOException("the reader of standard output has closed it");

/// <summary>
/// Standard output of a Unix process. The stream of <see cref="Console"/> ignores a reader that has gone, so that a command would run on for nobody; this one reports it.
/// </summary>
internal sealed partial class StandardOutput : Stream
{
    private const int Handle = 1;
    private const int Interrupted = 4;
    private const int BrokenPipe = 32;
    private static readonly int[] WouldBlock = [11, 35];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private long _position;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _position;

    /// <summary>How many bytes were written. Writers of file formats note it.</summary>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Standard output of this process.</summary>
    public static Stream Open() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new StandardOutput();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var written = Write(Handle, buffer, buffer.Length);
            if (written >= 0)
            {
                _position += written;
                buffer = buffer[(int)written..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == BrokenPipe)
                throw new ClosedOutputException();
            if (WouldBlock.Contains(error))
                Thread.Sleep(Pause);
            else if (error != Interrupted)
                throw new IOException($"standard output cannot be written: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int handle, ReadOnlySpan<byte> buffer, nint count);
}

using System.Runtime.InteropServices;

namespace Wharf.Cli.Output;

/// <summary>Thrown if the reader of standard output has closed it, as <c>head</c> does after the last line.</summary>
internal sealed class ClosedOutputException() : IOException("the reader of standard output has closed it");

/// <summary>
/// The standard output of a Unix process. The stream of <see cref="Console"/> ignores a closed pipe, so that the command would continue without a reader;
/// this stream reports it.
/// </summary>
internal sealed partial class StandardOutput : ForwardStream
{
    private const int Handle = 1;
    private const int Interrupted = 4;
    private const int BrokenPipe = 32;
    private static readonly int[] WouldBlock = [11, 35];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>Opens the standard output of this process.</summary>
    public static Stream Open() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new StandardOutput();

    public override void Flush()
    {
    }

    protected override void WriteAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var written = Write(Handle, bytes, bytes.Length);
            if (written >= 0)
            {
                bytes = bytes[(int)written..];
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

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint Write(int handle, ReadOnlySpan<byte> buffer, nint count);
}

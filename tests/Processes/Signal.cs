using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Wharf.Processes;

/// <summary>The POSIX signals that end, stop and continue a process.</summary>
public enum Signal
{
    /// <summary>Ctrl+C.</summary>
    Interrupt = 2,

    /// <summary>No goodbye.</summary>
    Kill = 9,

    /// <summary>Please.</summary>
    Terminate = 15,

    /// <summary>Continues after <see cref="Stop"/>.</summary>
    Continue = 18,

    /// <summary>Stand still: alive, but answering nothing.</summary>
    Stop = 19,
}

/// <summary>Sends signals.</summary>
public static partial class Signals
{
    /// <summary>Sends a signal to a process.</summary>
    public static void Send(this Process process, Signal signal)
    {
        if (Kill(process.Id, (int)signal) != 0)
            throw new InvalidOperationException($"kill({process.Id}, {signal}) failed with {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}

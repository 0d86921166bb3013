namespace Wharf.Plugins.Hosting;

/// <summary>
/// Decides when a thread counts as blocked by one handler: after two checks of the monitor if it waits, after twenty if it computes or is inside of a system call.
/// </summary>
internal static class BlockedThread
{
    private const int ChecksWhileWaiting = 2;
    private const int ChecksWhileRunning = 20;

    public static bool IsBlocked(int checks, Thread? thread) =>
        checks > ChecksWhileRunning || (checks > ChecksWhileWaiting && thread is not null && (thread.ThreadState & ThreadState.WaitSleepJoin) != 0);
}

namespace Wharf.Plugins.Hosting;

/// <summary>When a thread counts as held up by what it runs: one in a wait after two looks of the overseer, one that computes or is inside a system call after twenty.</summary>
internal static class HeldUp
{
    private const int LooksAtWaiting = 2;
    private const int LooksAtWorking = 20;

    public static bool After(int looks, Thread? thread) =>
        looks > LooksAtWorking || (looks > LooksAtWaiting && thread is not null && (thread.ThreadState & ThreadState.WaitSleepJoin) != 0);
}

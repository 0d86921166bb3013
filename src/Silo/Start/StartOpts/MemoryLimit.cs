namespace Wharf.Silo.Start.StartOpts;

/// <summary>How much the managed heap may take. The runtime takes a limit also while it runs.</summary>
internal static class MemoryLimit
{
    private const string Name = "GCHeapHardLimit";

    // The prefix of today's runtime, and that of older ones, which it still reads.
    private static readonly string[] Prefixes = ["DOTNET_", "COMPlus_"];

    /// <summary>Sets the limit, unless the environment has one for the runtime. It replaces the default of the executable, which is a part of the memory.</summary>
    public static void Set(long bytes)
    {
        if (IsSet(Environment.GetEnvironmentVariable))
            return;
        AppContext.SetData(Name, (ulong)bytes);
        GC.RefreshMemoryLimit();
    }

    /// <summary>Whether the environment limits the heap, in bytes or in percent.</summary>
    internal static bool IsSet(Func<string, string?> environment) =>
        Prefixes.Any(prefix => !string.IsNullOrEmpty(environment(prefix + Name)) || !string.IsNullOrEmpty(environment(prefix + Name + "Percent")));
}

namespace Wharf.Silo.Start.StartOpts;

/// <summary>Sets the limit of the managed heap, which the runtime can change after its start.</summary>
internal static class MemoryLimit
{
    private const string Name = "GCHeapHardLimit";

    // The current prefix and the older one, which the runtime still reads.
    private static readonly string[] Prefixes = ["DOTNET_", "COMPlus_"];

    /// <summary>Sets the limit, unless the environment has one. It replaces the default of the executable, which is a percentage of the memory.</summary>
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

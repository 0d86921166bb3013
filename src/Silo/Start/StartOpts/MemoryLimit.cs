using System.Globalization;

namespace Wharf.Silo.Start.StartOpts;

/// <summary>How much the managed heap may take. The runtime takes a limit also while it runs.</summary>
internal static class MemoryLimit
{
    private const string Name = "GCHeapHardLimit";

    /// <summary>Sets the limit, unless whoever started the process has set one by the runtime's own means.</summary>
    public static void Set(long bytes)
    {
        if (GC.GetConfigurationVariables().TryGetValue(Name, out var set) && Convert.ToInt64(set, CultureInfo.InvariantCulture) > 0)
            return;
        AppContext.SetData(Name, (ulong)bytes);
        GC.RefreshMemoryLimit();
    }
}

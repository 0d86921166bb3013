using System.Globalization;

namespace Wharf.Processes;

/// <summary>How much memory a process has, as its operating system counts.</summary>
public static class ResidentMemory
{
    /// <summary>Bytes of it that are in memory now.</summary>
    public static long ResidentBytes(this RunningProcess process)
    {
        ArgumentNullException.ThrowIfNull(process);
        const string Name = "VmRSS:";
        var line = File.ReadLines($"/proc/{process.Id}/status").First(static line => line.StartsWith(Name, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(Name.Length).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) * 1024;
    }
}

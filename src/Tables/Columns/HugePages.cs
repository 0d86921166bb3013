using System.Runtime.InteropServices;

namespace Wharf.Tables;

/// <summary>Asks the system for pages of 2 MiB: a column of 80 MB is then had in 40 steps and not in 20 000.</summary>
internal static partial class HugePages
{
    private const int PageSize = 2 << 20, MadviseHugePage = 14;

    /// <summary>Advises the system before an array is written first. A system that does not know how, or does not want to, gives pages as ever.</summary>
    public static unsafe void Advise(byte[] array)
    {
        if (!OperatingSystem.IsLinux() || array.Length < PageSize)
            return;
        fixed (byte* first = array)
        {
            // Whole pages only, and those at the edges too: what lies beside the array is the collector's as well.
            nuint start = (nuint)first & ~(nuint)(PageSize - 1), end = ((nuint)first + (nuint)array.Length + PageSize - 1) & ~(nuint)(PageSize - 1);
            _ = Madvise(start, end - start, MadviseHugePage);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Madvise(nuint address, nuint length, int advice);
}

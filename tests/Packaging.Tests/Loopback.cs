using System.Globalization;

namespace Wharf.Packaging.Tests;

/// <summary>Addresses of this machine that stand for machines of their own.</summary>
internal static class Loopback
{
    /// <summary>An address that no other run of the tests uses.</summary>
    public static string Address(int machine) => string.Create(CultureInfo.InvariantCulture, $"127.{1 + Environment.ProcessId / 250 % 250}.{Environment.ProcessId % 250}.{machine}");
}

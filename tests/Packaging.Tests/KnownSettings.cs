namespace Wharf.Packaging.Tests;

/// <summary>The settings of the server. A variable with another name would have no effect.</summary>
internal static class KnownSettings
{
    /// <summary>Whether an environment variable is one that the server reads, or its runtime.</summary>
    public static bool Has(string variable) =>
        variable is "START_OPTS" || variable.StartsWith("DOTNET_", StringComparison.Ordinal)
        || (variable.StartsWith("Wharf__", StringComparison.Ordinal) && Server.Settings.KnownSettings.Find(variable.Split("__")) is not null);
}

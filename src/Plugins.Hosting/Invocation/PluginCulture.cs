using System.Globalization;

namespace Wharf.Plugins.Hosting;

/// <summary>
/// The culture of plugin code: the invariant culture on every server and in the test kit, independent of the environment and the host program.
/// </summary>
public static class PluginCulture
{
    /// <summary>Sets the invariant culture. It applies until the calling async method returns; the caller of that method keeps its culture.</summary>
    public static void Apply() => Set(CultureInfo.InvariantCulture, CultureInfo.InvariantCulture);

    /// <summary>Runs synchronous plugin code and restores the culture of the caller.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="code">The code.</param>
    /// <returns>The result of the code.</returns>
    public static T Run<T>(Func<T> code)
    {
        ArgumentNullException.ThrowIfNull(code);
        (CultureInfo culture, CultureInfo uiCulture) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        Apply();
        try
        {
            return code();
        }
        finally
        {
            Set(culture, uiCulture);
        }
    }

    // Setting a culture creates a new execution context, so the common case only reads.
    private static void Set(CultureInfo culture, CultureInfo uiCulture)
    {
        if (!ReferenceEquals(CultureInfo.CurrentCulture, culture))
            CultureInfo.CurrentCulture = culture;
        if (!ReferenceEquals(CultureInfo.CurrentUICulture, uiCulture))
            CultureInfo.CurrentUICulture = uiCulture;
    }
}

using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>The schemes of logins by the short names that the configuration uses.</summary>
internal static class SchemeNames
{
    private static readonly (string Short, string Scheme)[] Names =
    [
        ("Anonymous", LoginSchemes.Anonymous),
        ("Psk", LoginSchemes.PreSharedKey),
        ("Basic", LoginSchemes.Basic),
        ("Bearer", LoginSchemes.Bearer),
        ("Certificate", LoginSchemes.Certificate),
    ];

    /// <summary>The short names.</summary>
    public static IEnumerable<string> Short => Names.Select(static name => name.Short);

    /// <summary>Returns the scheme of a short name; any other name is the scheme itself.</summary>
    public static string SchemeOf(string name) =>
        Names.FirstOrDefault(known => string.Equals(known.Short, name, StringComparison.OrdinalIgnoreCase)).Scheme ?? name;

    /// <summary>Returns whether all logins of the scheme have one name.</summary>
    public static bool HasOneName(string scheme) => scheme is LoginSchemes.Anonymous or LoginSchemes.PreSharedKey;
}

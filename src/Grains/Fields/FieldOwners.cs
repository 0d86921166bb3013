using Wharf.Grains.Management;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;
using Wharf.Protocol;

namespace Wharf.Grains.Fields;

/// <summary>
/// The principals that own names. A login with credentials, including the pre-shared key, is one principal in all of its sessions. Each anonymous session is a
/// principal of its own.
/// </summary>
internal static class FieldOwners
{
    /// <summary>The owner of configured names.</summary>
    public const string Configuration = "configuration";

    /// <summary>The owner of the names that the host program creates.</summary>
    public const string Program = "program";

    private const string PluginPrefix = "plugin:";

    /// <summary>The claim of the host program.</summary>
    public static FieldClaim OfProgram { get; } = new(Program, "", MayReplaceOthers: true);

    /// <summary>Returns whether a session has logged in without credentials.</summary>
    public static bool IsAnonymous(CallerIdentity caller) => caller.Scheme == LoginSchemes.Anonymous;

    /// <summary>The principal of a session.</summary>
    public static string Of(CallerIdentity caller) =>
        IsAnonymous(caller) ? $"{caller.Scheme}:{caller.Identity}/{caller.SessionId}" : $"{caller.Scheme}:{caller.Identity}";

    /// <summary>The claim of a session.</summary>
    public static FieldClaim ClaimOf(CallerIdentity caller, ManagementOptions managers) => new(Of(caller), caller.SessionId, managers.IsListed(caller));

    /// <summary>The claim of a plugin's object.</summary>
    public static FieldClaim ClaimOf(LiveObject live, ManagementOptions? managers) =>
        new(PluginPrefix + live.Type?.Plugin.Name, "", managers?.IsListed(new CallerIdentity(live.Reference.TypeName, "", "object")) == true);

    /// <summary>
    /// Returns the principal for limits. Anonymous sessions are counted by their address: each is a principal of its own, and an address may open many.
    /// </summary>
    public static string CountedPrincipalOf(SessionLogin login) => IsAnonymous(login.Caller) ? $"{login.Caller.Scheme}@{login.Address}" : Of(login.Caller);

    /// <summary>Describes an owner to other principals, without its identity.</summary>
    public static string Describe(string? owner) => owner switch
    {
        Configuration => "the configuration of the server",
        Program => "the program of the server",
        null => "an unknown owner",
        _ when owner.StartsWith(PluginPrefix, StringComparison.Ordinal) => "a plugin",
        _ => "another user",
    };
}

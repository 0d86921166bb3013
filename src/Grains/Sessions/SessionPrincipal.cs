using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>The principal of a session, to which limits apply beside those of the session.</summary>
internal static class SessionPrincipal
{
    /// <summary>The user of a login scheme; callers without a login are told apart by their addresses.</summary>
    public static string Of(SessionLogin login) => login.Caller.Scheme == LoginSchemes.Anonymous
        ? $"{login.Caller.Scheme}/{login.Address}"
        : $"{login.Caller.Scheme}/{login.Caller.Identity}";
}

using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>The principal of a session, which has limits in addition to those of the session.</summary>
internal static class SessionPrincipal
{
    /// <summary>Returns the user of a login scheme; callers without a login are distinguished by address.</summary>
    public static string Of(SessionLogin login) => login.Caller.Scheme == LoginSchemes.Anonymous
        ? $"{login.Caller.Scheme}/{login.Address}"
        : $"{login.Caller.Scheme}/{login.Caller.Identity}";
}

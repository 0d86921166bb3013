namespace Wharf.Protocol;

/// <summary>Words that mean the same to every client.</summary>
public static class WireNames
{
    /// <summary>The type name of every table. No plugin may have it.</summary>
    public const string TableType = "Table";

    /// <summary>The application id under which variables of the scope are listed. No application may have it.</summary>
    public const string ScopeApplicationId = "scope";

    /// <summary>The description with which variables of the scope are listed.</summary>
    public const string ScopeFieldDescription = "query scope variable";

    /// <summary>The setting that tells clients how long a token lives, in milliseconds.</summary>
    public const string SessionDurationMilliseconds = "http.session.durationMs";

    /// <summary>The setting that tells clients which logins are offered.</summary>
    public const string AuthHandlers = "AuthHandlers";
}
